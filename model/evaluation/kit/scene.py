"""Puts things on a ground, lights them and takes the picture. Pictures are RGB in bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.kit.camera import Camera
from model.evaluation.kit.solids import Face, Solid
from model.evaluation.kit.surfaces import SIDE, SPAN, Texture

Picture = NDArray[np.uint8]
_SHRINK = 4
"""Shadows are soft: they are drawn on a fourth of the picture's width and height."""


@dataclass(frozen=True)
class Floor:
    """The plane that things stand or lie on: every point whose coordinate `axis` equals `level`."""

    axis: int
    """1 where things stand, 2 where they lie."""
    level: float


@dataclass(frozen=True, eq=False)
class Light:
    towards: NDArray[np.float64]
    """Unit vector to the lamp."""
    shadow: float
    """How much of the light a shadow takes, 0 to 1."""
    softness: float
    """Blur of the shadow's edge, in shares of the picture's shorter side."""


def plane_picture(
    texture: Texture, camera: Camera, axis: int, level: float, width: int, rows: tuple[int, int]
) -> Picture:
    """What some rows of the camera's picture see of an endless textured plane, mirrored beyond the texture's edge."""
    across, along = ((0, 2), (0, 1))[axis - 1] if axis in (1, 2) else (1, 2)
    scale = SPAN / SIDE
    columns = np.zeros((3, 3))
    columns[across, 0] = columns[along, 1] = scale
    columns[:, 2] = -camera.position
    columns[axis, 2] += level
    columns[across, 2] -= SPAN / 2
    columns[along, 2] -= SPAN / 2
    lens = np.array([[camera.focal, 0, camera.centre[0]], [0, camera.focal, camera.centre[1]], [0, 0, 1]])
    below = np.array([[1.0, 0, 0], [0, 1, rows[0]], [0, 0, 1]])
    to_texture = np.linalg.inv(lens @ camera.rotation @ columns) @ below
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (width, rows[1] - rows[0])
    return np.asarray(
        cv2.warpPerspective(texture, to_texture, size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    )


def wall_edge(camera: Camera, floor: Floor, depth: float, width: int) -> NDArray[np.float64]:
    """For each column, the row above which a wall `depth` behind the middle hides the floor."""
    ends = np.array([[-60.0, floor.level, -depth], [60.0, floor.level, -depth]])
    (x0, y0), (x1, y1) = camera.project(ends)
    edge: NDArray[np.float64] = y0 + (np.arange(width) - x0) * (y1 - y0) / (x1 - x0)
    return edge


def put(picture: Picture, camera: Camera, solids: Sequence[Solid], floor: Floor, light: Light) -> None:
    """Draw things with their shadows onto the picture, far ones first."""
    for thing in solids:
        _cast(picture, camera, thing, floor, light)
    near = [float(np.linalg.norm(thing.outline.mean(axis=0) - camera.position)) for thing in solids]
    for at in np.argsort(near)[::-1]:
        thing = solids[int(at)]
        for face in thing.faces:
            if camera.faces(face.corners):
                _draw(picture, camera, face, _lit(face, light))


def quad_around(camera: Camera, thing: Solid) -> NDArray[np.float64]:
    """The smallest rectangle, at any angle, that holds the whole thing in the picture: (4, 2) pixels."""
    seen = np.vstack([thing.outline, thing.front])
    points = camera.project(seen).astype(np.float32)
    (x, y), (width, height), angle = cv2.minAreaRect(points)
    corners: NDArray[np.float64] = cv2.boxPoints(((x, y), (width + 2, height + 2), angle)).astype(float)
    return corners


def _cast(picture: Picture, camera: Camera, thing: Solid, floor: Floor, light: Light) -> None:
    over = thing.outline[:, floor.axis : floor.axis + 1] - floor.level
    fallen = thing.outline - light.towards * over / light.towards[floor.axis]
    hull = cv2.convexHull(camera.project(fallen).astype(np.float32))[:, 0]
    height, width = picture.shape[:2]
    sigma = max(1.0, light.softness * min(width, height))
    mask = np.zeros((height // _SHRINK + 1, width // _SHRINK + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(hull * 16 / _SHRINK).astype(np.int32)], 255, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(mask, (0, 0), sigma / _SHRINK)
    contact = cv2.GaussianBlur(mask, (0, 0), max(0.8, sigma / _SHRINK / 4))
    _darken(picture, np.asarray(cv2.addWeighted(soft, 0.65, contact, 0.35, 0)), light.shadow)


def _darken(picture: Picture, dark: NDArray[np.uint8], most: float) -> None:
    """Take up to `most` of the light, where `dark`, of a quarter of the picture's size, is."""
    left, top, width, height = cv2.boundingRect(dark)
    if not width:
        return
    kept = cv2.convertScaleAbs(
        cv2.bitwise_not(dark[top : top + height, left : left + width]), alpha=most, beta=255 * (1 - most)
    )
    kept = cv2.resize(kept, (width * _SHRINK, height * _SHRINK), interpolation=cv2.INTER_LINEAR)
    part = picture[top * _SHRINK :, left * _SHRINK :][: height * _SHRINK, : width * _SHRINK]
    kept = kept[: part.shape[0], : part.shape[1]]
    part[:] = cv2.multiply(part, cv2.merge([kept] * 3), scale=1 / 255)


def _lit(face: Face, light: Light) -> float:
    normal = np.cross(face.corners[3] - face.corners[0], face.corners[1] - face.corners[0])
    return float(0.6 + 0.44 * max(0.0, float(normal @ light.towards / np.linalg.norm(normal))))


def _draw(picture: Picture, camera: Camera, face: Face, brightness: float) -> None:
    quad = camera.project(face.corners)
    left, top = np.maximum(np.floor(quad.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.minimum(np.ceil(quad.max(axis=0)).astype(int) + 2, picture.shape[1::-1])
    if right - left < 2 or bottom - top < 2:
        return
    texture = _shrunk(face.texture, quad)
    height, width = texture.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    warp = cv2.getPerspectiveTransform(source, (quad - (left, top)).astype(np.float32))
    seen = cv2.warpPerspective(texture, warp, (int(right - left), int(bottom - top)), flags=cv2.INTER_LINEAR)
    part = picture[top:bottom, left:right]
    uncovered = cv2.merge([cv2.bitwise_not(cv2.extractChannel(seen, 3))] * 3)
    lit = cv2.convertScaleAbs(cv2.cvtColor(seen, cv2.COLOR_RGBA2RGB), alpha=brightness)
    part[:] = cv2.add(cv2.multiply(part, uncovered, scale=1 / 255), lit)


def _shrunk(texture: NDArray[np.uint8], quad: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The texture at about the size it is seen at, so that nothing shimmers."""
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    area = 1.3 * abs(float(cv2.contourArea(quad.astype(np.float32))))
    if width > height:  # seen from the side, a face is less high than its edges are long
        height = min(height, area / width)
    else:
        width = min(width, area / height)
    columns, rows = min(max(8, int(width)), texture.shape[1]), min(max(8, int(height)), texture.shape[0])
    if (rows, columns) == texture.shape[:2]:
        return texture
    return np.asarray(cv2.resize(texture, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
