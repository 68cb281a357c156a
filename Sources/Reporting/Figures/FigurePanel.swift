/// What a figure of points and curves shows, before anything has its place on paper.
struct FigurePanel {
    /// A method, or a router, at all its settings.
    struct Series {
        let name: String
        let style: MethodStyle
        /// By their x.
        let points: [Point]
        /// Whether a line joins the points: curves through too few questions would promise too much.
        let isJoined: Bool
        /// Whether each point has its sign.
        var hasSigns = true
    }

    struct Point: Equatable {
        let x: Double
        let y: Double
        /// Of `y`, where it is drawn.
        var low: Double?
        var high: Double?
    }

    /// A line through the whole panel, with its name beside it.
    struct Level {
        let name: String
        let y: Double
        let style: MethodStyle
    }

    /// The figure's file, without its ending.
    let name: String
    let x: FigureAxis
    let y: FigureAxis
    /// At most `FigureChoice.most`, named beside their ends.
    var named: [Series] = []
    /// In grey behind them, without a name.
    var others: [Series] = []
    /// The single models, with their intervals; named by their levels.
    var singles: [Series] = []
    var levels: [Level] = []
    /// Accuracies that count as equal to the large model's.
    var band: ClosedRange<Double>?
    /// A dashed line that says what nothing is worth: from point to point.
    var reference: [Point] = []
    /// What must be known to read it, in sentences.
    let caption: String
}
