"""Each topic is a rock with a vein: the same in covers, lists and bars, so that one learns to read it."""

from hashlib import blake2s
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

VEIN_OF_STREAM = {"guidance": "dots", "commentary": "hatch", "research": "brick", "news": "wave"}
VEINS = ("brick", "dash", "hatch", "dots", "wave")
ROCKS = ("pine", "ember", "gold", "sky", "clay", "coal")
ROCK_OF_TOPIC = {  # what belongs together is of one rock; a topic not named here gets one by hash
    "governance": "pine",
    "participation": "pine",
    "social-dialogue": "pine",
    "industrial-policy": "pine",
    "monitoring": "pine",
    "finance": "gold",
    "fiscal-transition": "gold",
    "economic-diversification": "gold",
    "energy-poverty": "gold",
    "jobs-and-skills": "ember",
    "social-protection": "ember",
    "gender-equality": "ember",
    "youth": "ember",
    "justice-concepts": "ember",
    "human-rights": "ember",
    "communities": "clay",
    "indigenous-peoples": "clay",
    "health-and-environment": "clay",
    "health-and-safety": "clay",
    "mine-closure-and-land-rehabilitation": "clay",
    "energy-transition": "sky",
    "knowledge-exchange": "sky",
    "hydrogen-and-ccus": "sky",
    "coal-phase-out": "coal",
}


class Layer(NamedTuple):
    rock: str
    vein: str


def layer_of(slug: str) -> Layer:
    """The rock and the vein of a topic, the same on every cover and in every list."""
    seed = blake2s(slug.encode()).digest()
    rock = ROCK_OF_TOPIC.get(slug) or ROCKS[seed[0] % len(ROCKS)]
    return Layer(rock, VEINS[seed[1] % len(VEINS)])


def pattern(rock: str, vein: str) -> str:
    """The pattern of a vein in a rock: dark on gold, light on all other."""
    return f"p-{vein}" if rock == "gold" else f"p-{vein}-light"


def pattern_of_stream(stream: str) -> str:
    """The pattern that a stream of works is drawn with."""
    return pattern("gold" if stream == "guidance" else "", VEIN_OF_STREAM[stream])


def seam(slug: str, share: int) -> SafeString:
    """A bar of a topic's rock, ``share`` hundredths of the line long; plain for other terms."""
    layer = layer_of(slug) if slug in ROCK_OF_TOPIC else Layer("plain", "")
    rects = f'<rect class="c-{layer.rock}" width="{share}%" height="100%"/>'
    if layer.vein:
        rects += (
            f'<rect class="vein" fill="url(#{pattern(*layer)})" width="{share}%" height="100%"/>'
        )
    svg = '<svg class="seam" width="100%" height="10" aria-hidden="true">{}</svg>'
    return format_html(svg, mark_safe(rects))  # numbers and our own constants
