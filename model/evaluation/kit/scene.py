"""Puts things on a ground, lights them and takes the picture. Pictures are float32 RGB, 0 to 255, until developed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.kit.camera import Camera
from model.evaluation.kit.solids import Face, Solid
from model.evaluation.kit.surfaces import SIDE, SPAN, Texture

Picture = NDArray[np.float32]


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
    texture: Texture, camera: Camera, axis: int, level: float, size: tuple[int, int]
) -> Picture:
    """What the camera sees of an endless textured plane, mirrored beyond the texture's edge."""
    across, along = ((0, 2), (0, 1))[axis - 1] if axis in (1, 2) else (1, 2)
    scale = SPAN / SIDE
    columns = np.zeros((3, 3))
    columns[across, 0] = columns[along, 1] = scale
    columns[:, 2] = -camera.position
    columns[axis, 2] += level
    columns[across, 2] -= SPAN / 2
    columns[along, 2] -= SPAN / 2
    lens = np.array([[camera.focal, 0, camera.centre[0]], [0, camera.focal, camera.centre[1]], [0, 0, 1]])
    to_texture = np.linalg.inv(lens @ camera.rotation @ columns)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    bytes_ = np.clip(texture, 0, 255).astype(np.uint8)  # warped three times as fast as floats
    seen = cv2.warpPerspective(bytes_, to_texture, size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(seen, np.float32)


def above_edge(camera: Camera, floor: Floor, depth: float, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Where a wall `depth` behind the middle hides the floor."""
    ends = np.array([[-60.0, floor.level, -depth], [60.0, floor.level, -depth]])
    (x0, y0), (x1, y1) = camera.project(ends)
    rows, columns = np.ogrid[: size[1], : size[0]]
    covered: NDArray[np.bool_] = (columns - x0) * (y1 - y0) - (rows - y0) * (x1 - x0) > 0
    return covered


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
    shrink = 4
    mask = np.zeros((height // shrink + 1, width // shrink + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(hull * 16 / shrink).astype(np.int32)], 255, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(mask, (0, 0), sigma / shrink)
    contact = cv2.GaussianBlur(mask, (0, 0), max(0.8, sigma / shrink / 4))
    dark = cv2.addWeighted(soft, 0.65, contact, 0.35, 0)
    dark = cv2.resize(dark, (mask.shape[1] * shrink, mask.shape[0] * shrink), interpolation=cv2.INTER_LINEAR)
    picture *= (1 - np.asarray(dark, np.float32)[:height, :width] * (light.shadow / 255))[..., None]


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
    seen = seen.astype(np.float32)
    part = picture[top:bottom, left:right]
    part *= 1 - seen[..., 3:] / 255
    part += seen[..., :3] * brightness


def _shrunk(texture: NDArray[np.uint8], quad: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The texture at about the size it is seen at, so that nothing shimmers."""
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    width, height = max(8, int(max(sides[0], sides[2]))), max(8, int(max(sides[1], sides[3])))
    width, height = min(width, texture.shape[1]), min(height, texture.shape[0])
    if (height, width) == texture.shape[:2]:
        return texture
    return np.asarray(cv2.resize(texture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
