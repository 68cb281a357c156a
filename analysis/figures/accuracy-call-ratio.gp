call "common.gp" ARG1 ARG2 ARG3
set xlabel "tokens written by the llm (%)"
set xrange [-2:102]
load "curve.gp"
