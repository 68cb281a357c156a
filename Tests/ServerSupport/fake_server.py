#!/usr/bin/env python3
"""A strict fake of llama-server, vLLM or SGLang over the model of Tests/ModelSupport/FakeModel.swift.

Prints "port N", serves on 127.0.0.1 until stdin is closed or SIGTERM. Token i is the text "t{i} ".
It refuses what the real servers pass over in silence: unknown fields, types that they would convert,
repeated keys, ids that no vocabulary has. What it doesn't model is refused with a message that
starts with "fake:".
"""

import argparse
import contextlib
import email.utils
import http.server
import json
import math
import os
import random
import re
import signal
import socket
import struct
import sys
import threading
import time

# The model: KeyedHash, SplitMix64 and FakeModel.Character in 64-bit arithmetic.

MASK = (1 << 64) - 1
PRIME = 0x100_0000_01B3
PRIME_POWERS = [pow(PRIME, n, 1 << 64) for n in range(9)]


def mix(state, value):
    """KeyedHash.mix of a UInt64: eight FNV-1a steps, those of the leading zero bytes in one."""
    for left in range(8, 0, -1):
        if value == 0:
            return state * PRIME_POWERS[left] & MASK
        state = (state ^ value & 255) * PRIME & MASK
        value >>= 8
    return state


def keyed(seed):
    return mix(0xCBF2_9CE4_8422_2325, seed)


def finished(state):
    z = (state + 0x9E37_79B9_7F4A_7C15) & MASK
    z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB & MASK
    return z ^ z >> 31


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


class Reading:
    """A next-token distribution: all but the two best are at -4."""

    def __init__(self, argmax, second, log_probability, second_log_probability, vocabulary):
        self.argmax, self.second, self.vocabulary = argmax, second, vocabulary
        self.values = (log_probability, second_log_probability)

    def of(self, token):
        if token == self.argmax:
            return self.values[0]
        return self.values[1] if token == self.second else -4.0

    def ids(self):
        """From the most probable on; equals in the order of their ids."""
        yield self.argmax
        if self.second != self.argmax:
            yield self.second
        yield from (i for i in range(self.vocabulary) if i not in (self.argmax, self.second))

    def top(self, count):
        return [[i, self.of(i)] for _, i in zip(range(count), self.ids())]

    def rank(self, token):
        """As vLLM counts it: all that are at least as probable, itself included."""
        return 1 if token == self.argmax else 2 if token == self.second else self.vocabulary

    def draw(self, temperature, rng):
        ids = list(range(self.vocabulary))
        return rng.choices(ids, [math.exp(self.of(i) / max(temperature, 0.01)) for i in ids])[0]


class Character:
    def __init__(self, seed, dissent, vocabulary):
        self.own = keyed(seed)
        self.dissent = float32(dissent)
        self.vocabulary = vocabulary

    def reading(self, common_state):
        common = finished(common_state)
        own = finished(mix(self.own, common))
        choice = own >> 1 if (own >> 40) * 2.0**-24 < self.dissent else common
        argmax = choice % self.vocabulary
        # Swift's shifts bind more tightly than its %.
        level = max(1, (own >> 20) % 16)
        # The few that are ever listed are no more than 1 together.
        least = [3.5, 3.5, 2.5, 2, 1.75, 1.5, 1.375, 1.25, 1.125]
        second = max(1 + float((own >> 30) % 8) / 8, least[level] if level < len(least) else 1)
        return Reading(
            argmax, (argmax + 1) % self.vocabulary, -float(level) / 16, -second, self.vocabulary)

    def read(self, tokens, first):
        """The readings after tokens[:first] and after every longer part, and the state to go on from."""
        state, readings = keyed(99), []
        for count in range(len(tokens) + 1):
            if count > 0:
                state = mix(state, tokens[count - 1])
            if count >= first:
                readings.append(self.reading(state))
        return readings, state


class Position:
    """One token's log-probability and the most probable tokens at its place."""

    def __init__(self, token, reading, count):
        self.token, self.log_probability = token, reading.of(token)
        self.rank, self.top = reading.rank(token), reading.top(count)


def common_prefix(a, b):
    for index, (x, y) in enumerate(zip(a, b)):
        if x != y:
            return index
    return min(len(a), len(b))


# Checks of fields: a function of a value, and what it should have been.

def whole(low=-(2**63), high=2**63 - 1):
    return (lambda v: type(v) is int and low <= v <= high, f"an integer from {low} to {high}")


def number(low=-math.inf, high=math.inf):
    return (lambda v: type(v) in (int, float) and low <= v <= high, f"a number from {low} to {high}")


def only(*values):
    """Only these values are modelled."""
    return (lambda v: any(type(v) is type(x) and v == x for x in values), f"fake: one of {list(values)}")


def nullable(check):
    return (lambda v: v is None or check[0](v), check[1] + " or null")


BOOL = (lambda v: type(v) is bool, "a boolean")
TEXT = (lambda v: type(v) is str, "a string")
IDS = (lambda v: type(v) is list and all(type(x) is int for x in v), "a list of token ids")
OBJECT = (lambda v: type(v) is dict, "an object")
TEXTS = (lambda v: type(v) is list and all(type(x) is str for x in v), "a list of strings")
UNUSED = only(None)
# One token that is forced.
BIAS = (lambda v: v == [] or type(v) is list and len(v) == 1 and type(v[0]) is list and len(v[0]) == 2
        and type(v[0][0]) is int and v[0][1] >= 1e5, "fake: no bias, or one token that is forced")


def fields(check, names):
    return {name: check for name in names.split()}


class Refusal(Exception):
    def __init__(self, status, message, kind=None, param=None, extra=None):
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind
        self.param, self.extra = param, extra or {}


class Dropped(Exception):
    """The connection is gone, on purpose."""


class Api:
    """What all three share."""

    server = "uvicorn"
    content_type = "application/json"
    completion_path = ""
    public = ("/health",)

    def __init__(self, options):
        self.options = options
        self.character = Character(options.seed, options.dissent, options.vocabulary)
        # Models of other seeds for the fault "changed".
        self.changed = Character((options.seed + 1) & MASK, options.dissent, options.vocabulary)
        self.lock = threading.Lock()
        self.read_before = []
        self.table = None
        if options.tokenizer:
            with open(options.tokenizer, encoding="utf-8") as file:
                self.table = json.load(file)
        self.tokenizations = 0
        self.text_that_differs = None

    def check(self, body, known, required=()):
        if type(body) is not dict:
            raise self.invalid("the body", body, "an object")
        for name, value in body.items():
            if name not in known:
                raise self.unknown(name)
            check, description = known[name]
            if not check(value):
                raise self.invalid(name, value, description)
        for name in required:
            if name not in body:
                raise self.missing(name)

    def unknown(self, name):
        return Refusal(400, f"Unknown field '{name}'", param=name)

    def missing(self, name):
        return Refusal(400, f"Field '{name}' is required", param=name)

    def invalid(self, name, value, description):
        return Refusal(
            400, f"Field '{name}': must be {description}, but is {json.dumps(value)[:80]}", param=name)

    def text(self, tokens):
        return "".join(f"t{i} " for i in tokens)

    def tokenize(self, text, special, count_of_fault, plain=False):
        if self.table is not None:
            # What a text is where commands in it are none.
            if plain and "plain:" + text in self.table:
                text = "plain:" + text
            if text not in self.table:
                raise Refusal(400, f"fake: no tokens for the text {text[:80]!r}")
            tokens = list(self.table[text])
        else:
            tokens = []
            for piece in filter(None, text.split(" ")):
                if not re.fullmatch(r"t(0|[1-9][0-9]*)", piece) or int(piece[1:]) >= self.options.vocabulary:
                    raise Refusal(400, f"fake: no token for {piece[:80]!r}")
                tokens.append(int(piece[1:]))
        if tokens and count_of_fault is not None:
            with self.lock:
                self.tokenizations += 1
                # Without a count one text, the first, is off, however often it's asked for.
                if self.text_that_differs is None:
                    self.text_that_differs = text
                off = (text == self.text_that_differs if count_of_fault == math.inf
                       else self.tokenizations <= count_of_fault)
            if off:
                tokens[-1] = tokens[-1] - 1 if tokens[-1] > 0 else tokens[-1] + 1
        if special and self.options.bos is not None:
            tokens.insert(0, self.options.bos)
        return tokens

    def detokenize(self, tokens):
        if self.table is None:
            return self.text(tokens)
        for text, ids in self.table.items():
            if ids == tokens:
                return text
        raise Refusal(400, "fake: no text for these tokens")

    def generate(self, prompt, first, count, greedy, temperature, seed, faults, top_of):
        """Positions of the prompt's tokens from `first` on and of `count` new tokens."""
        character = self.changed if "changed" in faults else self.character
        readings, state = character.read(prompt, min(first, len(prompt)))
        prompt_top, new_top = top_of
        before = [Position(prompt[first + i], reading, prompt_top) for i, reading in enumerate(readings[:-1])]
        reading, after, rng = readings[-1], [], random.Random(seed)
        for _ in range(count):
            token = reading.argmax if greedy else reading.draw(temperature, rng)
            after.append(Position(token, reading, new_top))
            state = mix(state, token)
            reading = character.reading(state)
        tokens = [position.token for position in after]
        for position in before + after:
            self.spoil(position, faults)
        if "short" in faults:
            (before or after)[-1:] = []
        return before, after, tokens

    def spoil(self, position, faults):
        best = position.top[0][0] if position.top else position.token
        value = position.log_probability if position.token == best else None
        if position.top:
            value = position.top[0][1]
        if "nan" in faults:
            value = math.nan
        if "null-logprob" in faults:
            value = None
        if "positive-logprob" in faults:
            value = 0.5
        if position.token == best:
            position.log_probability = value
        if position.top:
            position.top[0][1] = value
        if "wrong-id" in faults:
            if position.token == best:
                position.token = self.options.vocabulary
            if position.top:
                position.top[0][0] = self.options.vocabulary
        if "few" in faults and position.top:
            position.top.pop()
        if "text-id" in faults:
            position.token = str(position.token)
            position.top = [[str(i), value] for i, value in position.top]

    def cached(self, prompt, salt, limit, block):
        """How much of a prompt earlier ones had, in whole blocks, and remembers it."""
        with self.lock:
            longest = max((common_prefix(prompt, old) for s, old in self.read_before if s == salt), default=0)
            self.read_before = self.read_before[-1000:] + [(salt, prompt)]
        return min(longest, limit) // block * block


class LlamaServer(Api):
    """ggml-org/llama.cpp, tools/server: README.md, server-schema.cpp, server-context.cpp, server-task.cpp."""

    server = "llama.cpp"
    content_type = "application/json; charset=utf-8"
    completion_path = "/completion"
    public = ("/health", "/v1/health")

    COMPLETION = {
        **fields(BOOL, "verbose timings_per_token cache_prompt return_tokens return_progress "
                 "backend_sampling ignore_eos parse_tool_calls reasoning_control grammar_lazy"),
        **fields(only(False), "stream post_sampling_probs echo"),
        **fields(number(), "top_n_sigma typical_p temperature dynatemp_range dynatemp_exponent repeat_penalty "
                 "frequency_penalty presence_penalty dry_multiplier dry_base mirostat_tau mirostat_eta "
                 "adaptive_target"),
        **fields(number(0, 1), "top_p min_p xtc_probability xtc_threshold"),
        **fields(whole(-1, 2**31 - 1), "n_predict max_tokens max_completion_tokens n_keep sse_ping_interval "
                 "reasoning_budget_tokens"),
        **fields(whole(0, 2**31 - 1), "n_indent n_discard n_cache_reuse repeat_last_n dry_allowed_length "
                 "dry_penalty_last_n min_keep n_probs logprobs top_k"),
        **fields(only(1), "n_cmpl n"), **fields(only([]), "stop lora"),
        "logit_bias": BIAS,
        **fields(TEXTS, "samplers dry_sequence_breakers response_fields"),
        "adaptive_decay": number(0, 0.99), "t_max_predict_ms": whole(-1), "mirostat": whole(0, 2),
        "seed": whole(-(2**31), 2**32 - 1), "grammar": only(""), "model": TEXT,
        "prompt": IDS, "id_slot": whole(-1, 2**31 - 1),
    }
    SAMPLERS = "penalties dry top_n_sigma top_k typ_p top_p min_p xtc temperature".split()
    KINDS = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error",
             503: "unavailable_error"}

    def __init__(self, options):
        super().__init__(options)
        self.slots = [{"busy": False, "tokens": [], "used": 0.0} for _ in range(options.slots)]
        self.freed = threading.Condition()
        self.tasks = 0

    def error(self, refusal):
        kind = refusal.kind or self.KINDS.get(refusal.status, "server_error")
        return {"error": {"code": refusal.status, "message": refusal.message, "type": kind, **refusal.extra}}

    def not_found(self, exists):
        return {"error": {"message": "File Not Found", "type": "not_found_error", "code": 404}}, 404

    def unauthorized(self):
        return {"error": {"message": "Invalid API Key", "type": "authentication_error", "code": 401}}

    def routes(self):
        return {
            ("GET", "/health"): lambda: {"status": "ok"}, ("GET", "/v1/health"): lambda: {"status": "ok"},
            ("GET", "/props"): self.props, ("GET", "/slots"): self.slot_states,
            ("GET", "/v1/models"): self.models, ("GET", "/models"): self.models,
            ("POST", "/tokenize"): self.tokens_of, ("POST", "/detokenize"): self.text_of,
            ("POST", "/completion"): self.complete,
        }

    def settings(self, body):
        return {
            "n_predict": -1, "seed": 4294967295, "temperature": 0.800000011920929, "top_k": 40,
            "top_p": 0.949999988079071, "min_p": 0.05000000074505806, "n_probs": 0, "n_keep": 0,
            "samplers": self.SAMPLERS, **{k: v for k, v in body.items() if k != "prompt"}}

    def props(self):
        return {
            "default_generation_settings": {
                "id": 0, "id_task": -1, "n_ctx": self.options.context, "speculative": False,
                "is_processing": False, "params": self.settings({})},
            "total_slots": self.options.slots, "model_alias": self.options.model,
            "model_path": f"/models/{self.options.model}.gguf", "modalities": {"vision": False, "audio": False},
            "chat_template": "", "chat_template_caps": {}, "bos_token": "", "eos_token": "",
            "build_info": "b9999-fake", "is_sleeping": False}

    def slot_states(self):
        with self.freed:
            return [{"id": i, "id_task": -1, "n_ctx": self.options.context, "speculative": False,
                     "is_processing": slot["busy"]} for i, slot in enumerate(self.slots)]

    def models(self):
        return {"object": "list", "data": [{
            "id": self.options.model, "object": "model", "created": int(time.time()), "owned_by": "llamacpp",
            "meta": {"vocab_type": 2, "n_vocab": self.options.vocabulary, "n_ctx_train": self.options.context}}]}

    def tokens_of(self, body, faults):
        self.check(body, {"content": TEXT, **fields(BOOL, "add_special parse_special with_pieces")}, ["content"])
        plain = not body.get("parse_special", True)
        tokens = self.tokenize(
            body["content"], body.get("add_special", False), faults.get("tokenize-differs"), plain)
        if body.get("with_pieces", False):
            return {"tokens": [{"id": i, "piece": self.text([i])} for i in tokens]}
        return {"tokens": tokens}

    def text_of(self, body, faults):
        self.check(body, {"tokens": IDS}, ["tokens"])
        return {"content": self.detokenize(body["tokens"])}

    @contextlib.contextmanager
    def slot(self, wanted, prompt):
        """A slot of one's own; the second who wants it waits."""
        with self.freed:
            while True:
                idle = [i for i, s in enumerate(self.slots) if not s["busy"] and wanted in (-1, i)]
                if idle:
                    break
                self.freed.wait()
            # The most similar prompt, else the slot that was used the longest ago.
            index = max(idle, key=lambda i: (
                common_prefix(self.slots[i]["tokens"], prompt), -self.slots[i]["used"]))
            self.slots[index]["busy"] = True
            self.tasks += 1
        try:
            yield index
        finally:
            with self.freed:
                self.slots[index]["busy"] = False
                self.slots[index]["used"] = time.monotonic()
                self.freed.notify_all()

    def complete(self, body, faults):
        # A null is as good as a missing field.
        body = {k: v for k, v in body.items() if v is not None} if type(body) is dict else body
        self.check(body, self.COMPLETION, ["prompt"])
        if unknown := set(body.get("samplers", [])) - set(self.SAMPLERS):
            raise Refusal(400, f"fake: unknown samplers {sorted(unknown)}")
        prompt, wanted = body["prompt"], body.get("id_slot", -1)
        # The real server folds a slot that it hasn't into its range; nobody should want that.
        if wanted >= self.options.slots:
            raise Refusal(400, f"fake: no slot {wanted}", param="id_slot")
        if not prompt:
            raise Refusal(400, "\"prompt\" must not be empty")
        if not all(0 <= i < self.options.vocabulary for i in prompt):
            raise Refusal(400, "Prompt contains invalid tokens")
        if len(prompt) >= self.options.context:
            raise Refusal(
                400, f"request ({len(prompt)} tokens) exceeds the available context size "
                f"({self.options.context} tokens), try increasing it", "exceed_context_size_error",
                extra={"n_prompt_tokens": len(prompt), "n_ctx": self.options.context})
        began = time.monotonic()
        with self.slot(wanted, prompt) as index:
            if "slow" in faults:
                time.sleep(0.3)
            return self.answer(body, prompt, index, faults, began)

    def answer(self, body, prompt, index, faults, began):
        slot = self.slots[index]
        cached = common_prefix(slot["tokens"], prompt) if body.get("cache_prompt", True) else 0
        cached = min(cached, len(prompt) - 1)
        asked = body.get("n_predict", body.get("max_completion_tokens", body.get("max_tokens", -1)))
        room = self.options.context - len(prompt)
        count = room if asked < 0 else min(asked, room)
        probabilities = body.get("n_probs", body.get("logprobs", 0))
        _, after, tokens = self.generate(
            prompt, len(prompt), count, self.greedy(body), body.get("temperature", 0.8),
            None if body.get("seed", -1) in (-1, 2**32 - 1) else body["seed"], faults, (0, probabilities))
        # The last token was sampled, but not read.
        slot["tokens"] = prompt + tokens[:-1]
        if forced := body.get("logit_bias"):
            # Another token is written; what was listed is what the model would have.
            tokens = [forced[0][0]] * len(tokens)
            for position in after:
                position.token, position.log_probability = forced[0][0], -4.0
        shown = [position.token for position in after] + tokens[len(after):]
        # The list is left out where the text ends within a character.
        if self.options.partial and tokens and tokens[-1] % self.options.partial == 0:
            after = []
        milliseconds = (time.monotonic() - began) * 1000

        def entry(token, log_probability):
            text = f"t{token} "
            return {"id": token, "token": text, "bytes": list(text.encode()), "logprob": log_probability}

        answer = {
            "index": 0, "content": self.text(tokens), "tokens": shown if body.get("return_tokens", False) else [],
            "id_slot": index, "stop": True, "model": self.options.model, "tokens_predicted": count,
            "tokens_evaluated": len(prompt), "generation_settings": self.settings(body),
            "prompt": self.text(prompt), "has_new_line": False, "truncated": asked < 0 or asked > room,
            "stop_type": "limit", "stopping_word": "", "tokens_cached": len(slot["tokens"]),
            "timings": {
                "cache_n": cached, "prompt_n": 2**63 - 1 if "impossible-counts" in faults else len(prompt) - cached,
                "prompt_ms": milliseconds,
                "prompt_per_token_ms": milliseconds / (len(prompt) - cached),
                "prompt_per_second": (len(prompt) - cached) / max(milliseconds, 0.001) * 1000,
                "predicted_n": count, "predicted_ms": milliseconds,
                "predicted_per_token_ms": milliseconds / max(count, 1),
                "predicted_per_second": count / max(milliseconds, 0.001) * 1000}}
        if probabilities > 0 and after and "missing" not in faults:
            answer["completion_probabilities"] = [
                {**entry(position.token, position.log_probability),
                 "top_logprobs": [entry(*pair) for pair in position.top]} for position in after]
        if wanted := body.get("response_fields"):
            # A path is the name of what it leads to.
            picked = {}
            for path in wanted:
                value = answer
                for name in path.split("/"):
                    value = value.get(name) if type(value) is dict else None
                if value is not None:
                    picked[path] = value
            return picked
        return answer

    def greedy(self, body):
        """Whether the sampler chain can only choose the most probable token."""
        samplers = body.get("samplers", self.SAMPLERS)
        spoilers = {
            "penalties": body.get("repeat_penalty", 1) != 1 or body.get("presence_penalty", 0) != 0
            or body.get("frequency_penalty", 0) != 0,
            "dry": body.get("dry_multiplier", 0) != 0, "xtc": body.get("xtc_probability", 0) > 0,
            "typ_p": body.get("typical_p", 1) < 1, "temperature": body.get("dynatemp_range", 0) > 0}
        if body.get("mirostat", 0) != 0 or any(spoilers.get(name) for name in samplers):
            return False
        return ("temperature" in samplers and body.get("temperature", 0.8) <= 0
                or "top_k" in samplers and body.get("top_k", 40) == 1)


class Vllm(Api):
    """vllm-project/vllm, vllm/entrypoints/openai/completion and serve/tokenize, vllm/sampling_params.py."""

    completion_path = "/v1/completions"

    COMPLETION = {
        **fields(only(False), "stream echo use_beam_search return_token_offsets"),
        **fields(nullable(BOOL), "return_tokens_as_token_ids return_token_ids watermarking"),
        **fields(BOOL, "add_special_tokens ignore_eos skip_special_tokens spaces_between_special_tokens "
                 "include_stop_str_in_output return_mm_kwargs"),
        **fields(nullable(number(-2, 2)), "frequency_penalty presence_penalty"),
        **fields(nullable(number(0, 1)), "min_p"), **fields(nullable(number(2**-1074, 1)), "top_p"),
        **fields(nullable(whole(-1)), "logprobs prompt_logprobs top_k"),
        **fields(nullable(TEXT), "model user session_id"),
        **fields(UNUSED, "logit_bias stream_options suffix truncate_prompt_tokens truncation_side "
                 "allowed_token_ids logprob_token_ids prompt_embeds response_format structured_outputs "
                 "kv_transfer_params ec_transfer_params vllm_xargs repetition_detection "
                 "thinking_token_budget stream_interval"),
        **fields(only([], None), "stop stop_token_ids"), "bad_words": only([]),
        "prompt": IDS, "max_tokens": nullable(whole()), "n": only(1), "seed": nullable(whole()),
        "temperature": nullable(number(0, 2)), "repetition_penalty": nullable(number(2**-1074)),
        "length_penalty": number(), "min_tokens": whole(0), "priority": only(0), "request_id": TEXT,
        "routed_experts_prompt_start": whole(0),
        "cache_salt": nullable((lambda v: type(v) is str and 1 <= len(v) <= 1024, "a string, not empty")),
    }

    def error(self, refusal):
        kind = refusal.kind or {
            400: "Bad Request", 404: "NotFoundError", 429: "Too Many Requests",
            503: "Service Unavailable"}.get(refusal.status, "InternalServerError")
        return {"error": {"message": refusal.message, "type": kind, "param": refusal.param, "code": refusal.status}}

    def not_found(self, exists):
        return ({"detail": "Method Not Allowed"}, 405) if exists else ({"detail": "Not Found"}, 404)

    def unauthorized(self):
        return {"error": "Unauthorized"}

    def routes(self):
        return {
            ("GET", "/health"): lambda: None, ("GET", "/version"): lambda: {"version": "0.99.0.fake"},
            ("GET", "/v1/models"): self.models, ("POST", "/tokenize"): self.tokens_of,
            ("POST", "/detokenize"): self.text_of, ("POST", "/v1/completions"): self.complete,
        }

    def models(self):
        return {"object": "list", "data": [{
            "id": self.options.model, "object": "model", "created": int(time.time()), "owned_by": "vllm",
            "root": self.options.model, "parent": None, "max_model_len": self.options.context, "permission": []}]}

    def check_model(self, body):
        if body.get("model") not in (None, self.options.model):
            raise Refusal(404, f"The model `{body['model']}` does not exist.", "NotFoundError", "model")

    def tokens_of(self, body, faults):
        self.check(body, {"model": nullable(TEXT), "prompt": TEXT, "add_special_tokens": BOOL,
                          "return_token_strs": nullable(BOOL)}, ["prompt"])
        self.check_model(body)
        tokens = self.tokenize(body["prompt"], body.get("add_special_tokens", True), faults.get("tokenize-differs"))
        strings = [self.text([i]) for i in tokens] if body.get("return_token_strs") else None
        return {"count": len(tokens), "max_model_len": self.options.context, "tokens": tokens, "token_strs": strings}

    def text_of(self, body, faults):
        self.check(body, {"model": nullable(TEXT), "tokens": IDS}, ["tokens"])
        self.check_model(body)
        return {"prompt": self.detokenize(body["tokens"])}

    def complete(self, body, faults):
        self.check(body, self.COMPLETION, ["prompt"])
        self.check_model(body)
        prompt, context = body["prompt"], self.options.context
        asked = 16 if body.get("max_tokens") is None else body["max_tokens"]

        def bad(message, param=None):
            return Refusal(400, message, "BadRequestError", param)

        if asked < 1:
            raise bad(f"max_tokens must be at least 1, got {asked}.", "max_tokens")
        counts = {}
        for name, kind in (("logprobs", "sample"), ("prompt_logprobs", "prompt")):
            count = body.get(name)
            counts[name] = self.options.vocabulary if count == -1 else count
            if (counts[name] or 0) > self.options.max_logprobs:
                raise bad(f"Requested {kind} logprobs of {counts[name]}, which is greater than max "
                          f"allowed: {self.options.max_logprobs}", name)
        if not prompt:
            raise bad("The decoder prompt cannot be empty", "prompt")
        if len(prompt) + asked > context:
            raise bad(
                f"You passed {len(prompt)} input tokens and requested {asked} output tokens. However, the "
                f"model's context length is only {context} tokens, resulting in a maximum input length of "
                f"{context - asked} tokens. Please reduce the length of the input prompt.", "input_tokens")
        if min(prompt) < 0:
            raise Refusal(400, "Input should be greater than or equal to 0", param="body.prompt")
        if max(prompt) >= self.options.vocabulary:
            raise bad(f"Token id {max(prompt)} is out of vocabulary")
        if "slow" in faults:
            time.sleep(0.3)

        # Log-probabilities of a prompt come from a full read of it, past the cache.
        limit = 0 if counts["prompt_logprobs"] is not None else len(prompt) - 1
        cached = self.cached(prompt, body.get("cache_salt"), limit, 16)
        temperature = 1.0 if body.get("temperature") is None else body["temperature"]
        neutral = ((body.get("repetition_penalty") or 1) == 1 and not body.get("frequency_penalty")
                   and not body.get("presence_penalty"))
        first = 1 if counts["prompt_logprobs"] is not None else len(prompt)
        before, after, tokens = self.generate(
            prompt, first, asked, neutral and (temperature < 1e-5 or body.get("top_k") == 1), temperature,
            body.get("seed"), faults, (counts["prompt_logprobs"] or 0, counts["logprobs"] or 0))

        def key(token):
            # A fault's string in place of a number is the token's text, as without ...as_token_ids.
            return f"token_id:{token}" if body.get("return_tokens_as_token_ids") and type(token) is int else f"t{token} "

        def candidates(position):
            # The token itself comes first, the most probable after it.
            return {position.token: position.log_probability, **dict(map(tuple, position.top))}

        choice = {
            "index": 0, "text": self.text(tokens), "logprobs": None, "finish_reason": "length",
            "stop_reason": None, "token_ids": None, "prompt_logprobs": None, "prompt_token_ids": None,
            "routed_experts": None}
        if body.get("return_token_ids"):
            choice["token_ids"] = [position.token for position in after]
            choice["prompt_token_ids"] = prompt
        if counts["logprobs"] is not None:
            names = [key(position.token) for position in after]
            choice["logprobs"] = {
                "text_offset": [sum(map(len, names[:i])) for i in range(len(names))],
                "token_logprobs": [position.log_probability for position in after], "tokens": names,
                "top_logprobs": [{key(i): value for i, value in candidates(position).items()} for position in after]}
        if counts["prompt_logprobs"] is not None:
            def listed(position):
                ranks = {position.token: position.rank} | {i: r + 1 for r, (i, _) in enumerate(position.top)}
                return {i if type(i) is int else f"t{i} ": {
                    "logprob": value, "rank": ranks[i], "decoded_token": f"t{i} "}
                    for i, value in candidates(position).items()}
            choice["prompt_logprobs"] = [None] + [listed(position) for position in before]
        if "missing" in faults:
            del choice["logprobs"], choice["prompt_logprobs"]
        return {
            "id": f"cmpl-{os.urandom(16).hex()}", "object": "text_completion", "created": int(time.time()),
            "model": self.options.model, "choices": [choice], "service_tier": None, "system_fingerprint": None,
            "usage": {
                "prompt_tokens": len(prompt), "total_tokens": len(prompt) + asked, "completion_tokens": asked,
                "prompt_tokens_details": {"cached_tokens": -2**63 if "impossible-counts" in faults else cached}
                if self.options.token_details or "impossible-counts" in faults else None},
            "kv_transfer_params": None}


class Sglang(Api):
    """sgl-project/sglang, python/sglang/srt: entrypoints/http_server.py, managers/io_struct.py."""

    completion_path = "/generate"
    public = ("/health", "/health_generate")

    GENERATE = {
        **fields(BOOL, "return_text_in_logprobs log_metrics return_prompt_token_ids no_logs"),
        **fields(only(False), "stream return_hidden_states return_routed_experts return_indexer_topk background "
                 "require_reasoning return_bytes return_entropy use_audio_in_video return_flat_raw_top_logprobs "
                 "return_flat_raw_top_logprobs_b64"),
        **fields(UNUSED, "text input_embeds image_data video_data audio_data mm_hashes mm_content_hashes "
                 "video_config modalities session_params lora_path lora_id custom_logit_processor "
                 "positional_embed_overrides bootstrap_host bootstrap_port bootstrap_room bootstrap_pair_key "
                 "decode_tp_size disagg_prefill_dp_rank kv_router_hint max_thinking_tokens return_sampling_mask "
                 "external_trace_header received_time max_dynamic_patch min_dynamic_patch "
                 "image_max_dynamic_patch video_max_dynamic_patch images_config multi_item_delimiter_indices"),
        **fields(nullable(TEXT), "rid session_id routing_key conversation_id extra_key cache_salt"),
        **fields(nullable(whole(0)), "priority routed_dp_rank data_parallel_rank top_logprobs_num"),
        "input_ids": IDS, "sampling_params": nullable(OBJECT), "return_logprob": nullable(BOOL),
        "logprob_start_len": nullable(whole(-1)), "token_ids_logprob": nullable(IDS),
        "routed_experts_start_len": whole(0), "custom_labels": nullable(OBJECT),
    }
    SAMPLING = {
        **fields(nullable(number(-2, 2)), "frequency_penalty presence_penalty"),
        **fields(nullable(BOOL), "ignore_eos skip_special_tokens spaces_between_special_tokens no_stop_trim"),
        **fields(UNUSED, "json_schema regex ebnf structural_tag custom_params logit_bias stop_regex stream_interval"),
        **fields(only([], None), "stop stop_token_ids"),
        # Without one it would be 128; 0 (read the prompt only) isn't modelled.
        "max_new_tokens": whole(1), "min_new_tokens": nullable(whole(0)), "n": nullable(only(1)),
        "temperature": nullable(number(0)), "top_p": nullable(number(2**-1074, 1)), "min_p": nullable(number(0, 1)),
        "top_k": nullable((lambda v: type(v) is int and (v == -1 or v >= 1), "-1 (disable) or at least 1")),
        "repetition_penalty": nullable(number(2**-1074, 2)), "sampling_seed": nullable(whole()),
    }

    def error(self, refusal):
        # What FastAPI refuses looks otherwise than what SGLang itself refuses.
        if refusal.param is not None:
            return {"object": "error", "message": refusal.message, "type": "Bad Request", "param": None,
                    "code": refusal.status}
        return {"error": {"message": refusal.message}}

    def not_found(self, exists):
        return ({"detail": "Method Not Allowed"}, 405) if exists else ({"detail": "Not Found"}, 404)

    def unauthorized(self):
        return {"error": "Unauthorized"}

    def routes(self):
        return {
            ("GET", "/health"): lambda: None, ("GET", "/health_generate"): lambda: None,
            ("GET", "/get_model_info"): self.model_info, ("GET", "/model_info"): self.model_info,
            ("GET", "/get_server_info"): self.server_info, ("GET", "/server_info"): self.server_info,
            ("GET", "/v1/models"): self.models,
            ("POST", "/tokenize"): self.tokens_of, ("POST", "/v1/tokenize"): self.tokens_of,
            ("POST", "/detokenize"): self.text_of, ("POST", "/v1/detokenize"): self.text_of,
            ("POST", "/generate"): self.complete, ("PUT", "/generate"): self.complete,
        }

    def model_info(self):
        return {
            "model_path": self.options.model, "tokenizer_path": self.options.model, "is_generation": True,
            "preferred_sampling_params": None, "weight_version": "default"}

    def server_info(self):
        return {
            "model_path": self.options.model, "tokenizer_path": self.options.model,
            "served_model_name": self.options.model, "context_length": self.options.context,
            "disable_radix_cache": False, "page_size": 1, "max_total_num_tokens": 100000,
            "max_req_input_len": self.options.context - 1, "internal_states": [{}], "version": "0.99.0.fake"}

    def models(self):
        return {"object": "list", "data": [{
            "id": self.options.model, "object": "model", "created": int(time.time()), "owned_by": "sglang",
            "root": self.options.model, "parent": None, "max_model_len": self.options.context}]}

    def tokens_of(self, body, faults):
        self.check(body, {"model": TEXT, "prompt": TEXT, "add_special_tokens": BOOL}, ["prompt"])
        tokens = self.tokenize(body["prompt"], body.get("add_special_tokens", True), faults.get("tokenize-differs"))
        return {"tokens": tokens, "count": len(tokens), "max_model_len": self.options.context}

    def text_of(self, body, faults):
        self.check(body, {"model": TEXT, "tokens": IDS, "skip_special_tokens": BOOL}, ["tokens"])
        return {"text": self.detokenize(body["tokens"])}

    def complete(self, body, faults):
        self.check(body, self.GENERATE, ["input_ids"])
        sampling = body.get("sampling_params") or {}
        for name in sampling:
            if name not in self.SAMPLING:
                raise Refusal(400, f"Unexpected keyword argument '{name}'")
        try:
            self.check(sampling, self.SAMPLING, ["max_new_tokens"])
        except Refusal as refusal:
            raise Refusal(400, refusal.message) from None
        prompt, vocabulary, context = body["input_ids"], self.options.vocabulary, self.options.context
        if not prompt:
            raise Refusal(400, "input_ids cannot be empty.")
        if not all(0 <= i < vocabulary for i in prompt):
            raise Refusal(400, f"The input_ids {prompt} contains values greater than the vocab size ({vocabulary}).")
        if not all(0 <= i < vocabulary for i in body.get("token_ids_logprob") or []):
            raise Refusal(400, "token_ids_logprob contains out-of-vocabulary token id; "
                          f"valid range is [0, {vocabulary}).")
        if len(prompt) >= context:
            raise Refusal(400, f"The input ({len(prompt)} tokens) is longer than the model's context length "
                          f"({context} tokens).")
        asked = sampling["max_new_tokens"]
        if len(prompt) + asked > context:
            raise Refusal(
                400, f"Requested token count exceeds the model's maximum context length of {context} tokens. You "
                f"requested a total of {len(prompt) + asked} tokens: {len(prompt)} tokens from the input messages "
                f"and {asked} tokens for the completion. Please reduce the number of tokens in the input messages "
                "or the completion to fit within the limit.")
        wanted = body.get("return_logprob") or False
        start = body.get("logprob_start_len")
        start = len(prompt) if start in (None, -1) or not wanted else start
        if start >= len(prompt) and wanted and body.get("logprob_start_len") not in (None, -1):
            raise Refusal(400, f"req.logprob_start_len={start} is higher than the number of input tokens "
                          f"len(req.origin_input_ids)={len(prompt)}. Please use a smaller logprob_start_len.")
        began = time.monotonic()
        if "slow" in faults:
            time.sleep(0.3)

        # What log-probabilities are asked of must be read anew.
        salt = (body.get("extra_key"), body.get("cache_salt"))
        cached = self.cached(prompt, salt, min(len(prompt) - 1, start), 1)
        temperature = 1.0 if sampling.get("temperature") is None else sampling["temperature"]
        neutral = ((sampling.get("repetition_penalty") or 1) == 1 and not sampling.get("frequency_penalty")
                   and not sampling.get("presence_penalty"))
        top_count = body.get("top_logprobs_num") or 0
        before, after, tokens = self.generate(
            prompt, start + 1 if start < len(prompt) else start, asked,
            neutral and (temperature < 1e-6 or sampling.get("top_k") == 1), temperature,
            sampling.get("sampling_seed"), faults, (top_count, top_count))

        def triple(token, log_probability):
            return [log_probability, token, f"t{token} " if body.get("return_text_in_logprobs") else None]

        def listed(positions):
            return [triple(position.token, position.log_probability) for position in positions]

        def ranked(positions):
            return [[triple(*pair) for pair in position.top] or None for position in positions]

        meta = {
            "id": body.get("rid") or os.urandom(16).hex(), "finish_reason": {"type": "length", "length": asked},
            "prompt_tokens": len(prompt), "weight_version": "default", "total_retractions": 0}
        if wanted:
            # The first of the asked tokens has no log-probability, wherever it stands.
            opening = start < len(prompt)
            asked_of = ([triple(prompt[start], None)] if opening else []) + listed(before)
            if "clipped-id" in faults:
                # Real ones report the last id of the vocabulary as 0 here.
                asked_of = [[a, 0 if b == vocabulary - 1 else b, c] for a, b, c in asked_of]
            meta["input_token_logprobs"] = asked_of
            meta["output_token_logprobs"] = listed(after)
            if top_count > 0:
                meta["input_top_logprobs"] = ([None] if opening else []) + ranked(before)
                meta["output_top_logprobs"] = ranked(after)
            if ids := body.get("token_ids_logprob"):
                character = self.changed if "changed" in faults else self.character
                readings, _ = character.read(prompt + tokens, min(start + 1, len(prompt)))
                rows = [[triple(i, reading.of(i)) for i in ids] for reading in readings]
                split = len(prompt) - start - 1 if opening else 0
                meta["input_token_ids_logprobs"] = ([None] if opening else []) + rows[:split]
                meta["output_token_ids_logprobs"] = rows[split:split + asked]
        meta.update({
            "reasoning_tokens": 0, "completion_tokens": asked, "cached_tokens": -2**63 if "impossible-counts" in faults else cached,
            "e2e_latency": time.monotonic() - began, "response_sent_to_client_ts": time.time()})
        if "missing" in faults:
            for name in ("input_token_logprobs", "output_token_logprobs", "input_top_logprobs", "output_top_logprobs"):
                meta.pop(name, None)
        shown = [position.token for position in after] + tokens[len(after):]
        answer = {"text": self.text(tokens), "output_ids": shown, "meta_info": meta}
        if body.get("return_prompt_token_ids"):
            answer["prompt_token_ids"] = prompt
        return answer


APIS = {"llama-server": LlamaServer, "vllm": Vllm, "sglang": Sglang}

# Those that answer in place of the server, and those that spoil an answer.
REPLACING = ("hang close reset busy unavailable retry-after-date error html not-json empty-body endless huge "
             "deep redirect").split()
SPOILING = ("slow cut header-flood wrong-id nan null-logprob positive-logprob impossible-counts text-id missing few short changed "
            "tokenize-differs clipped-id").split()


def strict_json(text):
    def object_of(pairs):
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a repeated key")
        return dict(pairs)

    def no_constant(name):
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, object_pairs_hook=object_of, parse_constant=no_constant)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    connections = 0
    count_lock = threading.Lock()

    def setup(self):
        super().setup()
        with self.count_lock:
            Handler.connections += 1
            self.connection_number = Handler.connections

    def version_string(self):
        return self.server.api.server

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.api = self.server.api
        raw = self.read_body()
        path = self.path.partition("?")[0]
        try:
            body = strict_json(raw) if raw else None
            broken = None
        except (ValueError, RecursionError) as error:
            body, broken = raw.decode("utf-8", "replace"), str(error)
        self.log_request_of(path, body)
        if self.server.options.key is not None and path not in self.api.public:
            if self.headers.get("Authorization") != f"Bearer {self.server.options.key}":
                return self.send_json(401, self.api.unauthorized())
        faults = self.server.faults(path == self.api.completion_path)
        if path == self.api.completion_path:
            for name in faults:
                if name in REPLACING:
                    if "slow" in faults:
                        time.sleep(0.3)
                    return getattr(self, "fault_" + name.replace("-", "_"))()
        routes = self.api.routes()
        route = routes.get((self.command, path))
        if route is None:
            content, status = self.api.not_found(any(path == known for _, known in routes))
            return self.send_json(status, content)
        try:
            if self.command == "GET":
                return self.send_json(200, route())
            media = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if media != "application/json":
                raise Refusal(400, "Unsupported Media Type: Only 'application/json' is allowed", param="header")
            if broken is not None or not raw:
                raise Refusal(400, f"JSON decode error: {broken or 'no body'}", param="body")
            answer = route(body, faults)
        except Refusal as refusal:
            return self.send_json(refusal.status, self.api.error(refusal))
        spoiled = faults if path == self.api.completion_path else {}
        self.send_json(200, answer, cut="cut" in spoiled, flood="header-flood" in spoiled)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_GET

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            raw = b""
            while size := int(self.rfile.readline().partition(b";")[0], 16):
                raw += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return raw
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def log_request_of(self, path, body):
        if self.server.log is None:
            return
        line = json.dumps({
            "path": self.path, "body": body, "headers": {k.lower(): v for k, v in self.headers.items()},
            "connection": self.connection_number, "method": self.command})
        with self.server.log_lock:
            self.server.log.write(line + "\n")
            self.server.log.flush()

    def send_json(self, status, content, cut=False, flood=False, headers=()):
        data = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        self.send_bytes(status, data, self.api.content_type, cut, flood, headers)

    def send_bytes(self, status, data, content_type, cut=False, flood=False, headers=(), length=None):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers:
            self.send_header(name, value)
        if flood:
            for index in range(100):
                self.send_header(f"X-Flood-{index}", "x" * 1010)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(data[:len(data) // 2] if cut else data)
        if cut:
            self.drop()

    def drop(self, reset=False):
        """Closes the connection, politely or not."""
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
        raise Dropped

    def refuse(self, status, message, headers=()):
        self.send_json(status, self.api.error(Refusal(status, message)), headers=headers)

    def fault_hang(self):
        # Until the other side goes away.
        while self.connection.recv(1, socket.MSG_PEEK):
            time.sleep(0.05)
        self.drop()

    def fault_close(self):
        self.drop()

    def fault_reset(self):
        self.drop(reset=True)

    def fault_busy(self):
        self.refuse(429, "Too many requests", [("Retry-After", "1")])

    def fault_unavailable(self):
        self.refuse(503, "Loading model")

    def fault_retry_after_date(self):
        self.refuse(503, "Loading model", [("Retry-After", email.utils.formatdate(time.time() + 1, usegmt=True))])

    def fault_error(self):
        self.refuse(500, "Internal server error")

    def fault_html(self):
        self.send_bytes(200, b"<!doctype html><html><body><h1>It works!</h1></body></html>", "text/html")

    def fault_not_json(self):
        self.send_bytes(200, b'{"content": "t3 ', self.api.content_type)

    def fault_empty_body(self):
        self.send_bytes(200, b"", self.api.content_type)

    def fault_deep(self):
        self.send_bytes(200, b"[" * 100_000 + b"]" * 100_000, self.api.content_type)

    def fault_endless(self):
        self.send_response(200)
        self.send_header("Content-Type", self.api.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            self.wfile.write(b"1000\r\n" + b" " * 0x1000 + b"\r\n")
            time.sleep(0.001)

    def fault_huge(self):
        self.send_bytes(200, b" ", self.api.content_type, length=10**13)
        while True:
            self.wfile.write(b" " * 0x1000)
            time.sleep(0.001)

    def fault_redirect(self):
        self.send_bytes(307, b"", self.api.content_type, headers=[("Location", "http://127.0.0.1:1/")])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, options):
        super().__init__(("127.0.0.1", 0), Handler)
        self.options = options
        self.api = APIS[options.api](options)
        self.fault_counts = dict(map(parsed_fault, options.fault))
        self.completions = 0
        self.log = open(options.log, "a", encoding="utf-8") if options.log else None
        self.log_lock = threading.Lock()

    def faults(self, is_completion):
        """The faults of this request with their counts, in the order of the command line."""
        with self.log_lock:
            self.completions += is_completion
            return {name: count for name, count in self.fault_counts.items()
                    if name == "tokenize-differs" or self.completions <= count}

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (Dropped, OSError)):
            super().handle_error(request, client_address)


def parsed_fault(argument):
    name, _, count = argument.partition(":")
    if name not in REPLACING + SPOILING:
        sys.exit(f"no fault is called {name}; there are {' '.join(REPLACING + SPOILING)}")
    return name, int(count) if count else math.inf


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--api", choices=APIS, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dissent", type=float, default=0.3)
    parser.add_argument("--vocabulary", type=int, default=20)
    parser.add_argument("--context", type=int, default=1000, help="of a sequence; of a slot for llama-server")
    parser.add_argument("--slots", type=int, default=1, help="llama-server only")
    parser.add_argument("--model", default="fake", help="the served name")
    parser.add_argument("--max-logprobs", type=int, default=20, help="vllm only; more are refused")
    parser.add_argument("--token-details", action="store_true",
                        help="vllm only: usage tells the cached tokens, as with --enable-prompt-tokens-details")
    parser.add_argument("--partial", type=int, default=0,
                        help="llama-server only: tokens of which this is a divisor end within a character")
    parser.add_argument("--bos", type=int, help="the id that tokenizing with special tokens puts first")
    parser.add_argument("--tokenizer", metavar="FILE", help='a JSON {"text": [ids]} of the texts that can be tokenized')
    parser.add_argument("--fault", action="extend", nargs="+", default=[], metavar="NAME[:COUNT]",
                        help="in the first COUNT completion requests, else in all: " + " ".join(REPLACING + SPOILING))
    parser.add_argument("--key", help="the bearer token that all but /health needs")
    parser.add_argument("--log", metavar="FILE", help="a JSON line for every request")
    server = Server(parser.parse_args())
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"port {server.server_address[1]}", flush=True)
    sys.stdin.buffer.read()
    # Threads that hang don't keep the process.
    os._exit(0)


if __name__ == "__main__":
    main()
