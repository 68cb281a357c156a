call "common.gp" ARG1 ARG2 ARG3
set xlabel "passes of the llm per token (%)"
set xrange [-2:102]
load "curve.gp"
