call "common.gp" ARG1 ARG2 ARG3
set xlabel "joules a question"
load "curve.gp"
