"""Why bytes from outside were refused as a picture: one class, one problem type, one advice each."""

from __future__ import annotations


class PictureError(ValueError):
    """The bytes are not a picture that can be judged; the message says what the sender can do.

    `slug` ends the RFC 9457 problem type of the refusal.
    """

    slug = "picture-refused"


class EmptyPicture(PictureError):
    slug = "picture-empty"

    def __init__(self) -> None:
        super().__init__("The file is empty. Send the picture's bytes.")


class NotAPicture(PictureError):
    slug = "not-a-picture"

    def __init__(self) -> None:
        super().__init__(
            "The content is not a picture of any known format. Send a photo, for instance a JPEG."
        )


class FormatNotAllowed(PictureError):
    slug = "picture-format-not-allowed"

    def __init__(self, found: str, allowed: str) -> None:
        super().__init__(f"The content is {found}, which is not accepted here. Send one of: {allowed}.")


class TruncatedPicture(PictureError):
    slug = "picture-truncated"

    def __init__(self) -> None:
        super().__init__("The picture's file ends too early. Send the whole file again.")


class DamagedPicture(PictureError):
    """The container is complete, yet its content breaks the format's rules."""

    slug = "picture-damaged"

    def __init__(self, what: str) -> None:
        super().__init__(f"The picture's file is damaged ({what}). Export the picture again and send that.")


class PictureTooLarge(PictureError):
    slug = "picture-too-large"

    def __init__(self, what: str, found: int, limit: int) -> None:
        self.found, self.limit = found, limit
        super().__init__(f"The picture has {found:,} {what}; the limit is {limit:,}. Send a smaller one.")


class DecompressionBomb(PictureError):
    slug = "picture-decompression-bomb"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The small file would unpack to far more than a photo does ({what}). Send an ordinary photo."
        )


class PictureTooSmall(PictureError):
    slug = "picture-too-small"

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(
            f"The picture has {width} × {height} pixels; both sides need at least {limit} to be judged. "
            "Send a larger one."
        )


class PictureTooSlow(PictureError):
    slug = "picture-too-slow"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Decoding the picture took more than {seconds:g} s. Save it as a plain JPEG and send that."
        )
