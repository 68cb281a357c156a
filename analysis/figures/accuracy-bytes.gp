call "common.gp" ARG1 ARG2 ARG3
set xlabel "GB moved a question"
load "curve.gp"
