# The share of calls over a policy's thresholds, each sign one threshold.
call "common.gp" ARG1 ARG2 ARG3
set xlabel "threshold, from the policy's lowest to its highest"
set ylabel "tokens written by the llm (%)"
set xrange [-0.03:1.03]
set yrange [-2:102]
set format x "%.1f"
plot for [i=1:blocks] data index i-1 using 2:3 with linespoints \
    linecolor rgbcolor colour[pick(i)] pointtype sign[mark(i)] pointsize 0.6 \
    linewidth 1.4 title columnheader(1)
