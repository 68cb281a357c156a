# What all figures share: one column of a paper, letters of 7 points, thin axes.
#
# Called as: call "common.gp" SETTINGS DATA OUTPUT FORMAT, with FORMAT svg or pdf. The program has written SETTINGS: the size
# in points, the place of the plot, ranges, every text with its place, and what the series look like. It defines for others,
# named and singles: how many there are (named), and arrays of colours, signs, dashes and whether lines join the
# points (named_colour, named_sign, named_dash, named_joined). DATA has their blocks in this order.
data = ARG2
# Of signs; svg draws them larger.
sign_size = ARG4 eq "pdf" ? 1 : 0.55
set encoding utf8
set datafile separator tab
set termoption noenhanced
unset key
set border 3 linewidth 0.7
set tics nomirror out scale 0.4
set style line 1 linecolor "#E0E0E0" linewidth 0.4
set grid back linestyle 1
set dashtype 11 (6,3)
set dashtype 12 (1.5,2.5)
load ARG1
if (ARG4 eq "pdf") {
    # gnuplot takes letters to be a third larger here.
    set terminal pdfcairo size width / 72.0, height / 72.0 font "DejaVu Sans,7" fontscale 0.75 \
        linewidth 0.8 pointscale 0.45 dashlength 0.6
} else {
    # A point is 4/3 of a pixel.
    set terminal svg size width * 4 / 3.0, height * 4 / 3.0 font "DejaVu Sans,9.333" linewidth 1 \
        dashlength 0.7 background "white"
}
set output ARG3
