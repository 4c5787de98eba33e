"""The picture tower of a CLIP as a graph that reads bytes and gives a unit vector.

Plain vision transformers (A. Dosovitskiy et al., 2020; ViT-B/32 and its kin) are rewritten without
a change of result: the normalisation moves into the patch projection, the convolution becomes a
product of matrices, and the last block computes the class token alone, because nothing reads the others.
"""

from __future__ import annotations

from typing import Any

import torch
from open_clip.transformer import ResidualAttentionBlock, VisionTransformer
from torch import nn
from torch.nn import functional

from model.encoders.preprocessing import Preprocessing


def picture_tower(visual: Any, preprocessing: Preprocessing) -> Any:
    """A module from (1, size, size, 3) uint8 to a unit vector, for any picture tower of open_clip."""
    tower = PlainTransformer if _is_plain(visual) else AnyTower
    return tower(visual, preprocessing).eval()


def _is_plain(visual: Any) -> bool:
    if type(visual) is not VisionTransformer or visual.attn_pool is not None:
        return False
    blocks = list(visual.transformer.resblocks)
    return (
        visual.pool_type == "tok"
        and visual.proj is not None
        and visual.conv1.bias is None
        and all(type(block) is ResidualAttentionBlock for block in blocks)
        and all(block.attn.in_proj_weight is not None for block in blocks)
    )


class AnyTower(nn.Module):  # type: ignore[misc]  # torch's types are not read here
    """open_clip's own module behind the normalisation."""

    def __init__(self, visual: Any, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.visual = visual
        self.register_buffer("mean", torch.tensor(preprocessing.mean).view(1, 3, 1, 1) * 255)
        self.register_buffer("std", torch.tensor(preprocessing.std).view(1, 3, 1, 1) * 255)

    def forward(self, pixels: Any) -> Any:
        channels_first = pixels.permute(0, 3, 1, 2).to(torch.float32)
        found = self.visual((channels_first - self.mean) / self.std)
        return functional.normalize(found[0] if isinstance(found, tuple) else found, dim=-1)


class PlainTransformer(nn.Module):  # type: ignore[misc]  # torch's types are not read here
    def __init__(self, visual: Any, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.patch = visual.conv1.kernel_size[0]
        self.projection = _folded(visual.conv1, preprocessing)
        position = visual.positional_embedding.detach()
        self.register_buffer("class_token", (visual.class_embedding.detach() + position[0]).view(1, 1, -1))
        self.register_buffer("position", position[1:].clone())
        self.before, self.after = visual.ln_pre, visual.ln_post
        blocks = list(visual.transformer.resblocks)
        self.blocks = nn.ModuleList(_Block(block, block is blocks[-1]) for block in blocks)
        self.out = _linear(visual.proj.detach().T, None)

    def forward(self, pixels: Any) -> Any:
        count, side = pixels.shape[0], pixels.shape[1] // self.patch
        patches = pixels.view(count, side, self.patch, side, self.patch, 3).permute(0, 1, 3, 2, 4, 5)
        flat = patches.reshape(count, side * side, self.patch * self.patch * 3).to(torch.float32)
        tokens = self.projection(flat) + self.position
        tokens = self.before(torch.cat([self.class_token.expand(count, -1, -1), tokens], dim=1))
        for block in self.blocks:
            tokens = block(tokens)
        return functional.normalize(self.out(self.after(tokens[:, 0])), dim=-1)


class _Block(nn.Module):  # type: ignore[misc]  # torch's types are not read here
    def __init__(self, block: Any, class_token_only: bool) -> None:
        super().__init__()
        self.block = block
        self.class_token_only = class_token_only
        self.attention = _Attention(block.attn)

    def forward(self, tokens: Any) -> Any:
        normal = self.block.ln_1(tokens)
        if self.class_token_only:
            tokens, asking = tokens[:, :1], normal[:, :1]
        else:
            asking = normal
        tokens = tokens + self.block.ls_1(self.attention(asking, normal))
        return tokens + self.block.ls_2(self.block.mlp(self.block.ln_2(tokens)))


class _Attention(nn.Module):  # type: ignore[misc]  # torch's types are not read here
    """Multi-head attention (A. Vaswani et al., 2017) as three plain products."""

    def __init__(self, attention: Any) -> None:
        super().__init__()
        self.heads = attention.num_heads
        self.width = attention.embed_dim // self.heads
        scale = self.width**-0.5
        query, key, value = attention.in_proj_weight.detach().chunk(3)
        query_bias, key_bias, value_bias = attention.in_proj_bias.detach().chunk(3)
        self.query = _linear(query * scale, query_bias * scale)
        self.key, self.value = _linear(key, key_bias), _linear(value, value_bias)
        self.out = attention.out_proj

    def forward(self, asking: Any, asked: Any) -> Any:
        query = self._split(self.query(asking)).transpose(1, 2)
        key = self._split(self.key(asked)).permute(0, 2, 3, 1)
        value = self._split(self.value(asked)).transpose(1, 2)
        mixed = torch.matmul(torch.softmax(torch.matmul(query, key), dim=-1), value)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _split(self, tokens: Any) -> Any:
        return tokens.view(tokens.shape[0], tokens.shape[1], self.heads, self.width)


def _folded(convolution: Any, preprocessing: Preprocessing) -> Any:
    """The patch convolution as a product that reads bytes: (w · (x / 255 − mean) / std) multiplied out."""
    weight = convolution.weight.detach().permute(0, 2, 3, 1)
    mean, std = torch.tensor(preprocessing.mean) * 255, torch.tensor(preprocessing.std) * 255
    return _linear((weight / std).flatten(1), -(weight * (mean / std)).sum((1, 2, 3)))


def _linear(weight: Any, bias: Any) -> Any:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
    layer.weight = nn.Parameter(weight.contiguous())
    if bias is not None:
        layer.bias = nn.Parameter(bias.contiguous())
    return layer
