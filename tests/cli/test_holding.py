"""What a service that ends unforeseen leaves for the maintainer."""

import logging

import pytest

from voice_glimmer.cli.holding import log_unforeseen
from voice_glimmer.faults import Fault


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def test_what_was_not_foreseen_is_logged_with_its_place_and_without_what_was_said(
    caplog: pytest.LogCaptureFixture,
):
    with caplog.at_level(logging.INFO):
        log_unforeseen(raised(KeyError("my neighbor waved at me")))
    assert "KeyError" in caplog.text
    assert "in raised" in caplog.text
    assert "neighbor" not in caplog.text


def test_a_fault_is_told_in_its_sentence_alone(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        log_unforeseen(raised(Fault("I found no microphone.")))
    assert caplog.text == ""
