"""Layers as values that JSON carries, for the store."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from geoapp.layers import GEOJSON, Layer


def layer_to_dict(layer: Layer) -> dict[str, Any]:
    """A layer with its file's content, text as text and images in base 64."""
    values = {item.name: getattr(layer, item.name) for item in fields(Layer) if item.name != "content"}
    values["style"] = dict(layer.style)
    is_text = layer.media_type == GEOJSON
    values["content"] = layer.content.decode() if is_text else base64.b64encode(layer.content).decode("ascii")
    return values


def layer_from_dict(stored: Mapping[str, Any]) -> Layer:
    """The inverse of `layer_to_dict`."""
    values = dict(stored)
    content = values.pop("content")
    bounds = values.pop("bounds", None)
    layer = Layer(content=content.encode(), bounds=None if bounds is None else tuple(bounds), **values)
    if layer.media_type == GEOJSON:
        return layer
    return Layer(content=base64.b64decode(content), bounds=layer.bounds, **values)
