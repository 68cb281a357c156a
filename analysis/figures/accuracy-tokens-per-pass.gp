call "common.gp" ARG1 ARG2 ARG3
set xlabel "tokens per pass of the llm"
load "curve.gp"
