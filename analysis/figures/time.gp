# Where a token's time goes: bars from left to right, phase upon phase.
call "common.gp" ARG1 ARG2 ARG3
stats data using 4 nooutput
cells = int(STATS_max)
# A cell may lack a phase, so the start of each piece is summed up here, not by gnuplot.
array start[cells]
do for [c=1:cells] { start[c] = 0 }
advance(c, width) = (before = start[c], start[c] = before + width, before)

set xlabel "ms a token; in brackets: calls"
set yrange [cells + 0.6 : 0.4]
set xrange [0:*]
unset grid
set grid x
set border 1
set tics scale 0.5
set ytics scale 0
plot for [i=1:blocks] data index i-1 \
    using (low = advance(int($4), $3), low + $3 / 2):4:(low):(low + $3):($4 - 0.36):($4 + 0.36):ytic(5) \
    with boxxyerror fillstyle solid 1 noborder linecolor rgbcolor colour[pick(i)] \
    title columnheader(1)
