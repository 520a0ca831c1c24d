# SPDX-License-Identifier: Apache-2.0
"""The tables of README.md, made from the results files."""

from pathlib import Path
from statistics import median

from .agent import STAGES, rates
from .measure import FRAME_SIZES, SINGLE_MAX_FRAMES, SINGLE_MAX_ROWS
from .results import Own, best_peer, geometric_mean, own_sizes, peer_sizes
from .speed import PASSES, summary
from .tools import CASES

BEGIN = "<!-- generated: begin (make bench) -->"
END = "<!-- generated: end -->"

#: Most bytes per reading, payload and 2 bytes a frame, geometric mean over the sets.
SIZE_LIMITS = {(60, 50): 0.825, (10, 50): 0.94, (1, 50): 1.86, (60, 1): 1.03, (10, 1): 1.61}
RATIO_LIMITS = {(60, 50): 1.8}
SPEED_LIMIT = 1.15
#: Least million readings a second from the pipe to the spool, on one core.
AGENT_LIMIT = 1.0


def fill(readme: Path, generated: str) -> None:
    """Puts the generated text between the markers; the text around them stays."""
    text = readme.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{readme.name} lacks the markers of the generated part")
    readme.write_text(f"{before}{BEGIN}\n\n{generated.strip()}\n\n{END}{after}")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, numbers to the right."""
    marks = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, marks, *rows])


def generated(
    sizes: dict | None,
    peers: dict | None,
    speed: dict | None,
    costs: dict | None = None,
    agent: dict | None = None,
) -> str:
    """Everything between the markers. A part that was not measured says so."""
    ours = own_sizes(sizes["alec"]) if sizes and sizes["alec"] else {}
    oracle = own_sizes(sizes["oracle"]) if sizes and sizes["oracle"] else {}
    others = peer_sizes(peers["records"]) if peers else {}
    parts = ["### Size of alec frames", _own_table(ours, oracle)]
    parts += ["### Best other format over alec", _ratio_table(ours, others)]
    parts += ["### All formats, geometric mean over the sets", _means_table(ours, others)]
    if others:
        parts.append("![Bytes per reading of each format](plots/formats.svg)")
    if ours and others:
        parts.append("![Each set, alec and the best other format](plots/sets.svg)")
    for n, k in ((60, 50), (10, 50), (1, 50)):
        parts += [f"### Every set at {n}/{k}", _set_table(ours.get((n, k), {}), others.get(n, {}))]
    parts += ["### Speed", _speed_part(speed)]
    parts += ["### Single messages, many channels, memory", _costs_part(costs)]
    parts += ["### The agent, from the pipe to the spool", _agent_part(agent)]
    return "\n\n".join(parts)


def _mean(sets: dict[str, Own], what: str) -> float:
    return geometric_mean([getattr(own, what) for own in sets.values()])


def _verdict(value: float, limit: float | None, at_most: bool) -> str:
    if limit is None:
        return ""
    met = value <= limit if at_most else value >= limit
    return f"{'≤' if at_most else '≥'} {limit:g} {'met' if met else '**missed**'}"


def _own_table(ours: dict, oracle: dict) -> str:
    if not ours and not oracle:
        return "Not measured yet."
    head = [
        "samples / group",
        "payload",
        "payload + 2 a frame",
        "limit",
        "head",
        "head, bytes a frame",
    ]
    head += ["payload + head"] + (
        ["C oracle, payload + 2", "C oracle, with head"] if oracle else []
    )
    rows = []
    for case in CASES:
        row = [f"{case[0]}/{case[1]}"]
        if sets := ours.get(case):
            two = _mean(sets, "with_two")
            frames = sum(own.frames for own in sets.values())
            heads = sum(own.head_per_frame * own.frames for own in sets.values())
            row += [f"{_mean(sets, 'payload'):.4f}", f"**{two:.4f}**"]
            row += [_verdict(two, SIZE_LIMITS.get(case), at_most=True)]
            row += [f"{_mean(sets, 'head'):.4f}", f"{heads / frames:.2f}"]
            row += [f"**{_mean(sets, 'wire'):.4f}**"]
        else:
            row += ["–", "–", f"≤ {SIZE_LIMITS[case]:g}", "–", "–", "–"]
        if oracle:
            sets = oracle[case]
            row += [f"{_mean(sets, 'with_two'):.4f}", f"{_mean(sets, 'wire'):.4f}"]
        rows.append(row)
    note = (
        "Bytes per reading, times included, geometric mean over the sets; each column is a mean of "
        "its own, so the columns of means do not add up exactly. The head is counted over all "
        "frames, key frames with their stream head among them."
    )
    return table(head, rows) + "\n\n" + note


def _ratio_table(ours: dict, others: dict) -> str:
    if not ours or not others:
        return "Not measured yet."
    rows = []
    for case, sets in ours.items():
        best = {name: best_peer(others[case[0]][name])[1] for name in sets}
        with_two = {name: best[name] / own.with_two for name, own in sets.items()}
        wire = geometric_mean([best[name] / own.wire for name, own in sets.items()])
        worst = min(with_two, key=with_two.__getitem__)
        mean = geometric_mean(list(with_two.values()))
        rows.append(
            [f"{case[0]}/{case[1]}", f"**{mean:.2f}**"]
            + [_verdict(mean, RATIO_LIMITS.get(case), at_most=False)]
            + [f"{with_two[worst]:.2f} (`{worst}`)", f"{wire:.2f}"]
        )
    head = [
        "samples / group",
        "over payload + 2 a frame",
        "limit",
        "smallest",
        "over payload + head",
    ]
    note = (
        "Geometric mean over the sets of (smallest other format of the set at that size) / alec. "
        "The other formats' frames stand alone; at group size 1 alec's do too."
    )
    return table(head, rows) + "\n\n" + note


def _peer_names(others: dict) -> list[str]:
    return list(next(iter(next(iter(others.values())).values())))


def _means_table(ours: dict, others: dict) -> str:
    if not others:
        return "Not measured yet."
    rows = [
        [name]
        + [f"{geometric_mean([s[name] for s in others[n].values()]):.3f}" for n in FRAME_SIZES]
        for name in _peer_names(others)
    ]
    best = "best of these, set by set"
    rows.append(
        [best]
        + [
            f"{geometric_mean([best_peer(s)[1] for s in others[n].values()]):.3f}"
            for n in FRAME_SIZES
        ]
    )
    for k in (50, 1):
        for label, what in (("payload + 2 a frame", "with_two"), ("payload + head", "wire")):
            cells = [
                f"**{_mean(ours[n, k], what):.3f}**" if (n, k) in ours else "–" for n in FRAME_SIZES
            ]
            if any(cell != "–" for cell in cells):
                rows.append(
                    [f"**alec**, {k} frames a group, {label}".replace("1 frames", "1 frame")]
                    + cells
                )
    head = ["bytes per reading"] + [f"{n} sample{'s' * (n > 1)} a frame" for n in FRAME_SIZES]
    note = (
        f"Frames of one sample: the other formats on the first {SINGLE_MAX_ROWS} rows and at most "
        f"{SINGLE_MAX_FRAMES} frames spread evenly over them; alec on all rows."
    )
    return table(head, rows) + "\n\n" + note


def _set_table(ours: dict[str, Own], others: dict[str, dict[str, float]]) -> str:
    names = sorted(ours or others)
    if not names:
        return "Not measured yet."
    peers = list(next(iter(others.values()))) if others else []
    head = ["set", "alec, payload + 2", "alec, with head"] + peers + ["best / alec"]
    rows = []
    for name in names:
        own, sizes = ours.get(name), others.get(name, {})
        best = best_peer(sizes) if sizes else None
        row = [f"`{name}`"] + (
            [f"**{own.with_two:.3f}**", f"{own.wire:.3f}"] if own else ["–", "–"]
        )
        for peer in peers:
            text = f"{sizes[peer]:.2f}"
            row.append(f"*{text}*" if best and peer == best[0] else text)
        row.append(f"{best[1] / own.with_two:.2f}" if own and best else "–")
        rows.append(row)
    return table(head, rows) + "\n\nBytes per reading; the best other format of a set in italics."


def _speed_part(speed: dict | None) -> str:
    if not speed or not speed["records"]:
        return "Not measured yet."
    records = speed["records"]
    cases = list(dict.fromkeys((record["n"], record["k"]) for record in records))
    rows = []
    for n, k in cases:
        for key, action in (("encode_ns", "encode"), ("decode_ns", "decode")):
            mine = summary(records, "alec", n, k, key)
            theirs = summary(records, "C oracle", n, k, key)
            row = [f"{n}/{k} {action}", _time(mine), _time(theirs)]
            row.append(f"**{mine['median'] / theirs['median']:.2f}**" if theirs else "–")
            limit = SPEED_LIMIT if (n, k) == (60, 50) and theirs else None
            row.append(_verdict(mine["median"] / theirs["median"], limit, True) if limit else "")
            row.append(f"{1e3 / mine['median']:.2f}")
            rows.append(row)
    head = ["samples / group", "alec, ns per reading", "C oracle, ns per reading", "alec / oracle"]
    head += ["limit", "alec, million readings/s"]
    text = (
        f"Mean over the sets of the median of {speed['runs']} runs (in brackets the same mean of "
        "each set's fastest and slowest run). alec and the oracle run in turn, each run a process "
        f"of its own that reports its best of {PASSES} passes, "
        + (f"all on core {speed['core']}" if speed["core"] is not None else "not bound to a core")
        + f" of {speed['cpu']}; measured {speed['made']}. The oracle is built with `clang -O2 "
        "-fwrapv -ffp-contract=off`."
    )
    return "\n\n".join([table(head, rows), text, _speed_sets(records)])


def _time(entry: dict | None) -> str:
    if entry is None:
        return "–"
    return f"{entry['median']:.0f} ({entry['min']:.0f}–{entry['max']:.0f})"


def _speed_sets(records: list[dict]) -> str:
    """Medians of every set at 60/50, folded away."""
    chosen = {(r["program"], r["set"]): r for r in records if (r["n"], r["k"]) == (60, 50)}
    names = sorted({name for _, name in chosen})
    keys = [(p, key) for key in ("encode_ns", "decode_ns") for p in ("alec", "C oracle")]
    rows = []
    for name in names:
        found = [chosen.get((program, name)) for program, _ in keys]
        cells = [
            f"{median(r[key]):.0f}" if r else "–" for r, (_, key) in zip(found, keys, strict=True)
        ]
        rows.append([f"`{name}`", *cells])
    head = ["set", "encode, alec", "encode, oracle", "decode, alec", "decode, oracle"]
    return (
        "<details><summary>Every set at 60/50, median ns per reading</summary>\n\n"
        + table(head, rows)
        + "\n\n</details>"
    )


def _costs_part(costs: dict | None) -> str:
    if not costs or not costs["records"]:
        return "Not measured yet."
    rows = [
        [entry["cost"], entry["unit"]]
        + [_figure(entry.get(key)) for key in ("median", "least", "most")]
        for entry in costs["records"]
    ]
    text = (
        "Times include handing over each reading and reading the clock twice a frame; median, "
        f"least and most of 5 passes, on one core of {costs['cpu']}; measured {costs['made']}."
    )
    return "\n\n".join([table(["what", "unit", "median", "least", "most"], rows), text])


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}"


def _agent_part(agent: dict | None) -> str:
    if not agent or not agent["processes"]:
        return "Not measured yet."
    rows = []
    for record in agent["processes"]:
        wall, least, most = rates(record, "wall_s")
        cpu, slow, quick = rates(record, "cpu_s")
        rows.append(
            [record["lines"], f"{wall:.2f} ({least:.2f}–{most:.2f})"]
            + [f"**{cpu:.2f}** ({slow:.2f}–{quick:.2f})"]
            + [_verdict(cpu, AGENT_LIMIT, at_most=False)]
        )
    head = ["20 sensors", "million readings/s", "million per second of processor time", "limit"]
    place = f"on core {agent['core']}" if agent["core"] is not None else "not bound to a core"
    text = (
        f"`alec run --input -` with the default settings, fed by `cat` through a pipe, from its "
        f"start to its end with all readings in synced frames: median of {agent['runs']} runs of "
        f"{agent['processes'][0]['readings']:,} readings (least and most in brackets), all threads "
        f"{place} of {agent['cpu']}, `cat` wherever it likes; measured {agent['made']} at a load of "
        f"{agent['load']:g}. The limit is held against the time of the processor, as the other one "
        "counts whatever else the machine does."
    )
    return "\n\n".join([table(head, rows), text, _stage_table(agent)])


def _stage_table(agent: dict) -> str:
    kinds: dict[str, dict[str, dict]] = {}
    for record in agent["stages"]:
        kinds.setdefault(record["lines"], {})[record["stage"]] = record
    rows = []
    for kind, stages in kinds.items():
        whole = stages["whole"]
        spread = f"**{whole['median']:.0f}** ({whole['least']:.0f}–{whole['most']:.0f})"
        cells = [f"{stages[name]['median']:.0f}" for name in STAGES if name != "whole"]
        requests = whole["allocations"] / whole["readings"]
        rows.append([kind, *cells, spread, f"{requests:.4f}"])
    head = ["ns per reading", "split", "parse", "window", "encode", "append", "between", "whole"]
    head.append("requests for memory a reading")
    one = agent["stages"][0]
    text = (
        f"Processor time, median of {agent['runs']} passes of {one['readings']:,} readings within "
        "one process, with the clock standing still, so that windows close by size and number as "
        f"under load: {one['frames']} frames. Each stage alone on what the one before it gave; *between* is "
        "what the whole costs beyond its stages: handing over line by line, the queue, the counts, "
        "the progress page. Syncing is not in it."
    )
    return table(head, rows) + "\n\n" + text
