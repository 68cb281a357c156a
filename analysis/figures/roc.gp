# Right calls against false ones, on labels held out from training.
call "common.gp" ARG1 ARG2 ARG3
set xlabel "called for though the small model's token would do (%)"
set ylabel "called for where it is wanted (%)"
set xrange [0:100]
set yrange [0:100]
plot for [i=1:blocks] data index i-1 using 2:3 with lines \
    linecolor rgbcolor colour[pick(i)] linewidth 1.4 title columnheader(1), \
    x with lines linecolor rgbcolor "#bbbbbb" linewidth 1 title ""
