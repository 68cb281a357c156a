#!/usr/bin/env python3
"""Time citer beside llama.cpp and ik_llama.cpp, all in turn, and print the ratios.

    analysis/bench-peers.py --llama BUILD/bin/llama-bench --ik BUILD/bin/llama-bench \\
        [--rounds 5] [--threads 2] MODEL.gguf [MODEL.gguf ...]

In each round every program runs once, one after the other, so that a change of the machine's speed
meets all of them; the median of a program's rounds counts. Ratios are to the better of the two
peers. What is measured is what `llama-bench` measures: passes over 4, 8, 32 and 256 tokens of an
empty text with the last token's logits, and decoding 32 tokens one by one.
"""

import argparse
import datetime
import json
import pathlib
import platform
import statistics
import subprocess

PASSES = [4, 8, 32]
PROMPT = 256
STEPS = 32


def ours(citer: str, model: str, threads: int) -> dict[str, float]:
    sizes = ",".join(map(str, PASSES))
    out = subprocess.run(
        [citer, "bench", "--model", model, "--prompt", str(PROMPT), "--pass", sizes]
        + ["--generate", str(STEPS), "--batch", "1", "--threads", str(threads)]
        + ["--rounds", "1", "--json"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    rates = {(r["phase"], r["batch"]): r["tokens_per_second"] for r in json.loads(out)["results"]}
    found = {f"pass over {n}": rates["pass", n] for n in PASSES}
    found[f"prefill {PROMPT}"] = rates["prefill", PROMPT]
    found["decode, one sequence"] = rates["decode", 1]
    found["verify 4"] = rates["verify", 4]
    return found


def theirs(program: str, model: str, threads: int) -> dict[str, float]:
    sizes = ",".join(map(str, PASSES + [PROMPT]))
    out = subprocess.run(
        [program, "-m", model, "-t", str(threads), "-p", sizes, "-n", str(STEPS)]
        + ["-r", "2", "-o", "json"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = {}
    for row in json.loads(out):
        if row["n_gen"]:
            found["decode, one sequence"] = row["avg_ts"]
        elif row["n_prompt"] == PROMPT:
            found[f"prefill {PROMPT}"] = row["avg_ts"]
        else:
            found[f"pass over {row['n_prompt']}"] = row["avg_ts"]
    return found


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--llama", required=True, help="llama.cpp's llama-bench")
    parser.add_argument("--ik", required=True, help="ik_llama.cpp's llama-bench")
    parser.add_argument("--citer", default=".build/release/citer")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    print(f"{datetime.date.today()}, {processor()}, {options.threads} threads, ", end="")
    print(f"medians of {options.rounds} rounds, tokens/s.\n")
    for model in options.models:
        runs: dict[str, list[dict[str, float]]] = {"citer": [], "llama.cpp": [], "ik": []}
        for _ in range(options.rounds):
            runs["citer"].append(ours(options.citer, model, options.threads))
            runs["llama.cpp"].append(theirs(options.llama, model, options.threads))
            runs["ik"].append(theirs(options.ik, model, options.threads))

        def median(name: str, what: str) -> float:
            return statistics.median(run[what] for run in runs[name])

        rows = ["decode, one sequence"] + [f"pass over {n}" for n in PASSES] + [f"prefill {PROMPT}"]
        print(f"{pathlib.Path(model).name}\n")
        print("| | citer | llama.cpp | ik_llama.cpp | ratio to the better | in single rounds |")
        print("|---|---:|---:|---:|---:|---:|")
        for what in rows:
            best = max(("llama.cpp", "ik"), key=lambda name: median(name, what))
            ratios = [a[what] / b[what] for a, b in zip(runs["citer"], runs[best])]
            figures = " | ".join(f"{median(name, what):.1f}" for name in runs)
            ratio = median("citer", what) / median(best, what)
            print(f"| {what} | {figures} | **{ratio:.2f}** | {min(ratios):.2f}-{max(ratios):.2f} |")
        step = 1 / median("citer", "decode, one sequence")
        draft = 4 / median("citer", "verify 4")
        print(f"\nVerifying 4 drafted tokens takes {draft / step:.2f} of a decode step.\n", flush=True)


if __name__ == "__main__":
    main()
