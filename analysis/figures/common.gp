# What all figures share: one column of a paper (85 mm), letters of at least 7 points, the palette
# of Okabe and Ito, whose colours stay apart for every kind of colour vision, and a different sign
# for each series. The picture grows with its legend.
#
# Called as: call "common.gp" DATA OUTPUT FORMAT, with FORMAT svg or png.
data = ARG1
set encoding utf8
set datafile separator tab
set datafile missing "NULL"

# One block for each series.
stats data using 3 nooutput
blocks = STATS_blocks

# Rows of the legend, two to a row.
legend = (blocks + 1) / 2
if (ARG3 eq "png") {
    # 300 dots an inch; gnuplot counts 96.
    set terminal pngcairo size 1004, 660 + 44 * legend font "DejaVu Sans,7.5" fontscale 3.1 \
        linewidth 2.6 pointscale 2.2 dashlength 0.6
} else {
    set terminal svg size 321, 211 + 14 * legend font "DejaVu Sans,9.5" linewidth 0.85 \
        background "white"
}
set output ARG2
set termoption noenhanced
set border 3 linewidth 0.8
set tics nomirror out scale 0.5
set grid linecolor "#dddddd" linetype 1 linewidth 0.5
set key below horizontal samplen 1.6 spacing 1.05 height 0.4 width -1 Left reverse maxcols 2
set xlabel offset 0, 0.4
set tmargin 0.8
set rmargin 2.5

array colour = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#9A8700", "#666666"]
array band = ["#cc0072B2", "#ccD55E00", "#cc009E73", "#ccCC79A7", "#ccE69F00", "#cc56B4E9", "#cc9A8700", "#cc666666"]
array sign = [7, 5, 9, 13, 11, 15, 4, 6, 8, 10, 12]
pick(i) = (i - 1) % |colour| + 1
mark(i) = (i - 1) % |sign| + 1
