call "common.gp" ARG1 ARG2 ARG3
set xlabel "seconds a question"
load "curve.gp"
