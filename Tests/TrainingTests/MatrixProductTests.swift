import Testing

@testable import Training

struct MatrixProductTests {
    /// Every shape that training asks for, against sums that are written out; whole numbers this small add exactly in any order.
    @Test(arguments: [MatrixProduct.Side.asIs, .turned], [MatrixProduct.Side.asIs, .turned])
    func isTheSumOfProducts(sideA: MatrixProduct.Side, sideB: MatrixProduct.Side) {
        #expect(MatrixProduct.absence == nil)
        let (m, n, k) = (3, 5, 7)
        let a = (0..<m * k).map { Float($0 % 11 - 5) }
        let b = (0..<k * n).map { Float($0 % 13 - 6) }
        let before = (0..<m * n).map { Float($0) }
        for factor in [Float(0), 1] {
            var result = before
            MatrixProduct.add(a, sideA, b, sideB, m, n, k, times: factor, to: &result)
            for row in 0..<m {
                for column in 0..<n {
                    let products = (0..<k).map { place in
                        (sideA == .asIs ? a[row * k + place] : a[place * m + row])
                            * (sideB == .asIs ? b[place * n + column] : b[column * k + place])
                    }
                    let expected =
                        products.reduce(0, +) + factor * before[row * n + column]
                    #expect(result[row * n + column] == expected)
                }
            }
        }
    }
}
