# A row for each method: its difference to the large model with its interval, over the band that counts as equal.
call "common.gp" ARG1 ARG2 ARG3 ARG4
set border 1
unset grid
set grid xtics back linestyle 1
set object rectangle from -margin, graph 0 to 0, graph 1 fillstyle solid noborder fillcolor rgbcolor "#E6E6E6" behind
set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 0.7 linecolor rgbcolor "#000000" back
plot \
    for [i=1:rows] data index i - 1 using 1:2:3:4 with xerrorbars \
        linecolor rgbcolor rows_colour[i] pointtype rows_sign[i] pointsize sign_size linewidth 1
