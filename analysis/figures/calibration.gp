# Agreement of the two models over a policy's scores.
call "common.gp" ARG1 ARG2 ARG3
set xlabel "score, by its rank among the calls"
set ylabel "both want the same token (%)"
set xrange [0:1]
set format x "%.1f"
plot for [i=1:blocks] data index i-1 using 2:3 with linespoints \
    linecolor rgbcolor colour[pick(i)] pointtype sign[mark(i)] pointsize 0.6 \
    linewidth 1.4 title columnheader(1)
