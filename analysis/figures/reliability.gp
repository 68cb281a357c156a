# Foretold against found, on labels held out from training.
call "common.gp" ARG1 ARG2 ARG3
set xlabel "score (%)"
set ylabel "labels that it foretells (%)"
plot for [i=1:blocks] data index i-1 using 2:3 with linespoints \
    linecolor rgbcolor colour[pick(i)] pointtype sign[mark(i)] pointsize 0.6 \
    linewidth 1.4 title columnheader(1), \
    x with lines linecolor rgbcolor "#bbbbbb" linewidth 1 title ""
