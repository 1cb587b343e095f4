# SPDX-License-Identifier: MIT
"""Threads: the same bits for any number of them, from many at once, before and after a fork, and
the limits that others set.
"""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support import python

import halfwave as hw

N = (1 << 20) + 77  # long enough for a piecewise function to be split
SEVERAL = pytest.mark.skipif(hw.get_num_threads() < 2, reason="one CPU")
FUNCTIONS = [hw.relu, hw.silu, hw.leaky_relu, hw.gelu]
LAYOUTS = {
    "contiguous": slice(None),
    "strided": slice(None, None, 2),
    "reversed": slice(None, None, -1),
}


def values(n=N):
    return np.random.default_rng(5).standard_normal(n, np.float32)


def on_one_thread(function, *args):
    with hw.num_threads(1):
        return function(*args)


@SEVERAL
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_bits_do_not_depend_on_the_number_of_threads(function, layout):
    x = values(2 * N)[LAYOUTS[layout]]
    np.testing.assert_array_equal(function(x).view("i4"), on_one_thread(function, x).view("i4"))


@SEVERAL
def test_two_results_and_arrays_of_parameters():
    g, x = values(), values()[::-1]
    for function, args in [(hw.vjp.swiglu, (g, x, g)), (hw.vjp.prelu, (g, x, np.abs(g)))]:
        for one, several in zip(on_one_thread(function, *args), function(*args), strict=True):
            np.testing.assert_array_equal(one, several)


@SEVERAL
def test_in_place():
    x = values()
    expected = on_one_thread(hw.silu, x)
    assert hw.silu(x, out=x) is x
    np.testing.assert_array_equal(x, expected)


@SEVERAL
@pytest.mark.parametrize("place", [0, N // 2, N - 1])
def test_a_floating_point_error_reaches_the_caller_from_any_thread(place):
    x = np.ones(N, np.float32)
    x[place] = 3e38
    with np.errstate(all="raise"):
        hw.silu(x)
        with pytest.raises(FloatingPointError, match="overflow"):
            hw.relu_squared(x)


@SEVERAL
def test_calls_from_many_threads_at_once():
    inputs = [np.roll(values(), k) for k in range(4)]
    expected = [on_one_thread(hw.silu, x) for x in inputs]
    with ThreadPoolExecutor(4) as executor:
        for _ in range(5):
            for one, several in zip(expected, executor.map(hw.silu, inputs), strict=True):
                np.testing.assert_array_equal(one, several)


def in_a_child(_):
    return hw.get_num_threads(), hw.silu(values()).tobytes()


@SEVERAL
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork with threads alive
@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_a_forked_child_and_its_parent_go_on():
    expected = hw.silu(values()).tobytes()  # the pool is at work before the fork
    for _ in range(3):
        with multiprocessing.get_context("fork").Pool(2) as pool:
            assert pool.map_async(in_a_child, range(4)).get(timeout=60) == [(1, expected)] * 4
        assert hw.silu(values()).tobytes() == expected


@SEVERAL
def test_threadpoolctl_sets_the_limit():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    if not any(pool["user_api"] == "openmp" for pool in threadpoolctl.threadpool_info()):
        pytest.skip("built without OpenMP")
    before = hw.get_num_threads()
    with threadpoolctl.threadpool_limits(1):
        assert hw.get_num_threads() == 1
        np.testing.assert_array_equal(hw.silu(values()), on_one_thread(hw.silu, values()))
    assert hw.get_num_threads() == before


@SEVERAL
def test_omp_num_threads_sets_the_limit():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    if not any(pool["user_api"] == "openmp" for pool in threadpoolctl.threadpool_info()):
        pytest.skip("built without OpenMP")
    code = "import halfwave as hw; print(hw.get_num_threads())"
    assert python(code, OMP_NUM_THREADS="1").stdout.strip() == "1"


@SEVERAL
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_the_cpus_of_the_process_are_the_default():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
        "import halfwave as hw; print(hw.get_num_threads())"
    )
    assert python(code, OMP_NUM_THREADS="", HALFWAVE_NUM_THREADS="").stdout.strip() == "1"


@SEVERAL
def test_no_thread_is_started_by_import_or_by_short_arrays():
    code = """
import os, numpy as np, halfwave as hw
count = [len(os.listdir("/proc/self/task"))]
for n in (1000, 1 << 20):
    hw.silu(np.ones(n, "f4"))
    count.append(len(os.listdir("/proc/self/task")))
print(*np.diff(count))
"""
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("no /proc")
    assert python(code, OPENBLAS_NUM_THREADS="1").stdout.strip() == f"0 {hw.get_num_threads() - 1}"


@SEVERAL
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_workers_keep_off_the_cpu_of_the_caller():
    code = """
import os, numpy as np, halfwave as hw
before = set(os.listdir("/proc/self/task"))
hw.silu(np.ones(1 << 20, "f4"))
cpus = os.sched_getaffinity(0)
for worker in set(os.listdir("/proc/self/task")) - before:
    print(len(cpus - os.sched_getaffinity(int(worker))))
for cpu in cpus:  # and off a CPU that the caller is tied to
    os.sched_setaffinity(0, {cpu})
    hw.silu(np.ones(1 << 20, "f4"))
    os.sched_setaffinity(0, cpus)
    hw.silu(np.ones(1 << 20, "f4"))
    print(len(cpus - os.sched_getaffinity(int(worker))))
"""
    assert set(python(code).stdout.split()) == {"1"}


def test_the_setting_is_kept_and_restored():
    with hw.num_threads(1):
        assert hw.get_num_threads() == 1
        with pytest.raises(RuntimeError), hw.num_threads(2):
            raise RuntimeError
        assert hw.get_num_threads() == 1


@pytest.mark.parametrize("n", [0, -1, 1.5, "2", None])
def test_a_wrong_number_of_threads(n):
    before = hw.get_num_threads()
    with pytest.raises((TypeError, ValueError)):
        hw.set_num_threads(n)
    assert hw.get_num_threads() == before


def test_the_last_element_wins_in_an_output_of_stride_0():
    x, last = np.arange(1, 1 << 21, dtype=np.float32), np.zeros(1, np.float32)
    for out in (np.lib.stride_tricks.as_strided(last, x.shape, (0,)) for _ in range(5)):
        hw.relu(x, out=out)
        assert last[0] == x[-1]


def test_a_number_of_threads_beyond_an_int_is_restored():
    before = hw.get_num_threads()
    with hw.num_threads(2**40):
        with hw.num_threads(1):
            assert hw.get_num_threads() == 1
        assert hw.get_num_threads() == before
    assert hw.get_num_threads() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_forked_while_a_function_is_made_goes_on():
    code = """if True:
        import os, threading, halfwave as hw
        from halfwave import _ufuncs
        held, done = threading.Event(), threading.Event()
        def hold():
            with _ufuncs._Ufuncs._lock:
                held.set()
                done.wait()
        threading.Thread(target=hold, daemon=True).start()
        held.wait()
        child = os.fork()
        if not child:
            os._exit(0 if hw.tanh(0.0) == 0 else 1)
        status = os.waitpid(child, 0)[1]  # which hung
        done.set()
        assert status == 0
    """
    done = python(code, "-W", "ignore")
    assert done.returncode == 0, done.stderr


def test_a_fault_in_a_worker_reaches_the_handler(tmp_path):
    code = f"""if True:
        import faulthandler, mmap, os, numpy as np, halfwave as hw
        faulthandler.enable()
        with open({str(tmp_path / "x")!r}, "wb+") as file:
            file.truncate(1 << 26)
            x = np.frombuffer(mmap.mmap(file.fileno(), 1 << 26), np.float32)
            file.truncate(1 << 25)  # the second half is gone
        hw.relu(x)
    """
    done = python(code)
    assert done.returncode < 0 and "Fatal Python error: Bus error" in done.stderr, done.stderr
