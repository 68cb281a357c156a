# Whether training settles: loss, error and changed labels by round.
call "common.gp" ARG1 ARG2 ARG3
set xlabel "training round"
set ylabel "loss, or share of labels"
set yrange [0:*]
set xtics 1
set offsets 0.2, 0.2, graph 0.06, 0
set key maxcols 1
plot for [i=1:blocks] data index i-1 using 2:3 with linespoints \
    linecolor rgbcolor colour[pick(i)] pointtype sign[mark(i)] pointsize 0.6 \
    linewidth 1.4 title columnheader(1)
