"""Measures passes over the training data as train/measurement.ts does: the first one warms up, the others count."""

import json
import os
import resource
import time

SECONDS = 3


def measure_passes(images, run_pass, warm_up=None):
    """Warms up by the first 20 steps, calls run_pass until the time is over, and prints the measurement.

    `images` is the number of images in a pass.
    """
    (warm_up or run_pass)()
    started = float(os.environ.get("SHAPEWRIGHT_BENCH_START", time.time() * 1000))
    first_pass = time.time() - started / 1000
    since, cpu_since, passes = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - since < SECONDS:
        run_pass()
        passes += 1
    seconds, cpu = time.perf_counter() - since, time.process_time() - cpu_since
    print(
        json.dumps(
            {
                "imagesPerSecond": passes * images / seconds,
                "cpuSecondsPerImage": cpu / (passes * images),
                "firstPassSeconds": first_pass,
                "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            }
        )
    )
