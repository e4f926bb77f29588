import numpy as np

from voice_glimmer.hearing.frames import BLOCK, RATE, from_samples


def test_samples_come_back_as_frames_in_order():
    samples = np.arange(2 * BLOCK + 5, dtype=np.int16)
    frames = list(from_samples(samples, at=3.0))
    assert np.array_equal(np.concatenate([frame.samples for frame in frames]), samples)
    assert [frame.at for frame in frames] == [3.0, 3.05, 3.1]
    assert frames[-1].end == 3.1 + 5 / RATE
