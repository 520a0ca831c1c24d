# SPDX-License-Identifier: Apache-2.0
"""The two figures of README.md as SVG files that are the same for the same numbers."""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update(
    {
        "svg.hashsalt": "alec",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.facecolor": "white",
    }
)

from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullFormatter  # noqa: E402

from .measure import FRAME_SIZES  # noqa: E402
from .results import Own, best_peer, geometric_mean  # noqa: E402

OURS = "#0b6e4f"
OURS_LIGHT = "#7cc3a6"
OTHER = "#9aa5b1"
INK = "#30363d"


def _plain(value: float, _: object) -> str:
    return f"{value:g}"


def _log_axis(axes, label: str) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(_plain))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(label)
    axes.grid(axis="x", color="#e4e8ec", linewidth=0.8)
    axes.set_axisbelow(True)


def _save(figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)


def formats(ours: dict, others: dict, path: Path) -> None:
    """Bytes per reading of every format, one panel for each frame size."""
    figure, panels = pyplot.subplots(
        1, len(FRAME_SIZES), figsize=(11, 4.2), sharex=True, layout="constrained"
    )
    for panel, n in zip(panels, FRAME_SIZES, strict=True):
        sets = others[n]
        names = next(iter(sets.values()))
        bars = [(name, geometric_mean([s[name] for s in sets.values()]), OTHER) for name in names]
        for k, color in ((1, OURS_LIGHT), (50, OURS)):
            if (n, k) in ours:
                size = geometric_mean([own.wire for own in ours[n, k].values()])
                bars.append((f"alec, group of {k}", size, color))
        bars.sort(key=lambda bar: -bar[1])
        labels, sizes, colors = zip(*bars, strict=True)
        panel.barh(labels, sizes, color=colors, height=0.72)
        for at, size in enumerate(sizes):
            panel.text(size * 1.06, at, f"{size:.2f}", va="center", color=INK, fontsize=8.5)
        _log_axis(panel, "bytes per reading")
        panel.set_xlim(left=0.5)
        panel.tick_params(axis="y", length=0, labelsize=9)
        panel.set_title(f"{n} sample{'s' * (n > 1)} a frame", fontsize=11, color=INK)
    panels[0].set_xlim(right=panels[0].get_xlim()[1] * 1.7)
    figure.suptitle(
        "Bytes per reading, time included, heads included (geometric mean over the sets)",
        fontsize=12,
        color=INK,
    )
    _save(figure, path)


def sets(ours: dict[str, Own], others: dict[str, dict[str, float]], path: Path) -> None:
    """Each set at 60/50: alec, the best other format and how far they are apart."""
    names = sorted(ours, key=lambda name: -ours[name].wire)
    figure, axes = pyplot.subplots(figsize=(9, 0.33 * len(names) + 1.4), layout="constrained")
    for at, name in enumerate(names):
        own = ours[name].wire
        peer, size = best_peer(others[name])
        axes.plot([own, size], [at, at], color="#ccd3da", linewidth=2.5, zorder=1)
        axes.scatter(own, at, color=OURS, s=46, zorder=2, label="alec" if at == 0 else None)
        mark = "best other format" if at == 0 else None
        axes.scatter(size, at, color=OTHER, s=46, zorder=2, label=mark)
        axes.text(
            max(size, own) * 1.09,
            at,
            f"{peer}, {size / own:.1f}×",
            va="center",
            fontsize=8.5,
            color=INK,
        )
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    _log_axis(axes, "bytes per reading, time and head included")
    axes.set_xlim(right=axes.get_xlim()[1] * 2.2)
    axes.set_title(
        "60 samples a frame: alec (50 frames a group) and the best other format", fontsize=11
    )
    axes.legend(loc="lower left", frameon=False)
    _save(figure, path)
