call "common.gp" ARG1 ARG2 ARG3
set xlabel "TFLOP a question"
load "curve.gp"
