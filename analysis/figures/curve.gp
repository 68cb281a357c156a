# Accuracy against a cost: a line for each policy with settings, a black sign with its interval for
# each one without, a dashed line between the two single models. Up to four lines have bands for
# their intervals; more bands would hide each other, so the mean interval stands in the corner.
stats data using (strcol(2) eq "curve" ? $7 : NaN) nooutput
curves = STATS_records > 0 ? int(STATS_max) : 0
stats data using (strcol(2) eq "point" ? $7 : NaN) nooutput
points = STATS_records > 0 ? int(STATS_max) : 0
lines = blocks - curves - points

if (curves > 4) {
    stats data using (strcol(2) eq "curve" ? $6 - $5 : NaN) nooutput
    width = STATS_mean
    # The lowest thing drawn, so that the bar stands on the ground.
    stats data using (strcol(2) eq "curve" ? $4 : strcol(2) eq "point" ? $5 : NaN) nooutput
    set arrow from graph 0.97, first STATS_min to graph 0.97, first STATS_min + width \
        heads size graph 0.012, 90 linecolor "#666666" linewidth 1
    set label "mean interval" at graph 0.95, first STATS_min + width / 2 right \
        textcolor "#444444"
}
set ylabel "accuracy (%)"
plot \
    for [i=1:(curves > 4 ? 0 : curves)] data index lines + i - 1 using 3:5:6 with filledcurves \
        fillcolor rgbcolor band[pick(i)] notitle, \
    for [i=1:lines] data index i - 1 using 3:4 with lines \
        linecolor "#666666" dashtype 2 linewidth 1.2 notitle, \
    for [i=1:curves] data index lines + i - 1 using 3:4 with linespoints \
        linecolor rgbcolor colour[pick(i)] pointtype sign[mark(i)] pointsize 0.6 \
        linewidth 1.4 title columnheader(1), \
    for [i=1:points] data index lines + curves + i - 1 using 3:4:5:6 with yerrorbars \
        linecolor "#000000" pointtype sign[mark(curves + i)] pointsize 0.7 \
        title columnheader(1), \
    keyentry with lines linecolor "#666666" dashtype 2 linewidth 1.2 title "slm–llm line"
