# Points and curves: in grey what has no name, then those that have one, then the single models with their intervals.
call "common.gp" ARG1 ARG2 ARG3 ARG4
plot \
    for [i=1:others] data index i - 1 using (others_joined[i] ? $1 : NaN):2 with lines \
        linecolor rgbcolor others_colour[i] linewidth 0.7, \
    for [i=1:others] data index i - 1 using (others_joined[i] ? NaN : $1):2 with points \
        linecolor rgbcolor others_colour[i] pointtype others_sign[i] pointsize 0.7 * sign_size, \
    for [i=1:singles] data index others + named + i - 1 using 1:2:3:4 with yerrorbars \
        linecolor rgbcolor singles_colour[i] pointtype singles_sign[i] pointsize sign_size linewidth 0.8, \
    for [i=1:named] data index others + i - 1 using (named_joined[i] ? $1 : NaN):2 with lines \
        linecolor rgbcolor named_colour[i] dashtype named_dash[i] linewidth 1.3, \
    for [i=1:named] data index others + i - 1 using 1:2 with points \
        linecolor rgbcolor named_colour[i] pointtype named_sign[i] pointsize sign_size
