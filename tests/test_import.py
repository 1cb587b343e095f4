# SPDX-License-Identifier: MIT
"""Importing, choosing the instruction set, and what the module tells of itself."""

import os
from pathlib import Path

import pytest
from support import ISAS, python

import halfwave as hw


def test_import_warns_of_nothing_and_pulls_in_little():
    code = """if True:
        import sys, numpy
        before = set(sys.modules)
        import halfwave
        new = {name.split('.')[0] for name in set(sys.modules) - before}
        assert not new & {'scipy', 'torch', 'pandas', 'dask', 'hypothesis', 'mpmath', 'rich'}, new
    """
    done = python(code, "-W", "error")
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_import_without_ml_dtypes():
    code = """if True:
        import sys
        sys.modules['ml_dtypes'] = None
        import numpy as np, halfwave as hw
        assert hw.relu(np.array([-1, 2.0])).tolist() == [0, 2]
        assert hw.leaky_relu(np.array([-1, 2.0], 'e'), 0.5).dtype == 'e'
        assert hw.sparsity(np.array([-1, 2.0])) == 0.5
    """
    done = python(code, "-W", "error")
    assert done.returncode == 0, done.stderr


def test_ml_dtypes_may_be_imported_before_or_after():
    pytest.importorskip("ml_dtypes")
    for order in ("ml_dtypes, halfwave", "halfwave, ml_dtypes"):
        code = f"""if True:
            import numpy as np, {order}
            x = np.array([-1, 2], ml_dtypes.bfloat16)
            assert halfwave.leaky_relu(x, 0.5).dtype == ml_dtypes.bfloat16
        """
        done = python(code, "-W", "error")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("isa", ISAS)
def test_each_instruction_set_can_be_forced(isa):
    code = """if True:
        import numpy as np, halfwave as hw
        from halfwave._config import config
        print(config()['instruction set'])
        x = np.linspace(-4, 4, 1001, dtype='f4')
        with np.errstate(all='raise'):
            assert (hw.relu(x) == np.maximum(x, 0)).all()
            assert (hw.leaky_relu(x, 0.5) == np.where(x > 0, x, x / 2)).all()
    """
    done = python(code, "-W", "error", HALFWAVE_ISA=isa)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == isa


@pytest.mark.parametrize("isa", ["sse9", "AVX512", "avx512 ", "portable,avx2", "neon", "avx2"])
def test_a_wrong_instruction_set_is_a_clear_error(isa):
    if isa in ISAS:
        pytest.skip("this machine has it")
    done = python("import halfwave", HALFWAVE_ISA=isa)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: halfwave: HALFWAVE_ISA="), last
    assert isa.strip() in last and "portable" in last, last


def test_an_empty_choice_is_the_best():
    done = python(
        "from halfwave._config import config; print(config()['instruction set'])", HALFWAVE_ISA=""
    )
    assert done.stdout.strip() == ISAS[0], done.stderr


def test_number_of_threads_from_the_environment():
    code = "import halfwave as hw; print(hw.get_num_threads())"
    assert python(code, HALFWAVE_NUM_THREADS="1").stdout.strip() == "1"
    most = int(python(code).stdout)
    assert 1 <= int(python(code, HALFWAVE_NUM_THREADS="100000").stdout) <= max(most, os.cpu_count())
    for wrong in ("none", "-3", "0", "1.5", "9" * 5000):
        done = python(code, HALFWAVE_NUM_THREADS=wrong)
        assert "HALFWAVE_NUM_THREADS" in done.stderr.strip().splitlines()[-1], done.stderr


def test_show_config(capsys):
    hw.show_config()
    text = capsys.readouterr().out
    for word in (
        hw.__version__,
        "portable",
        ISAS[0],
        "threads",
        "gcc" if "gcc" in text else "clang",
    ):
        assert word in text


def test_version():
    import importlib.metadata

    assert hw.__version__.count(".") == 2
    header = Path(__file__).parent.parent / "csrc" / "halfwave.h"
    assert f'#define HW_VERSION "{hw.__version__}"' in header.read_text()
    try:
        assert importlib.metadata.version("halfwave") == hw.__version__
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not installed")


def test_optimised_and_isolated_modes():
    for flags in (["-O"], ["-OO"], ["-X", "dev"]):
        done = python("import halfwave as hw; assert hw.leaky_relu(-2.0) == -0.02; hw.gelu", *flags)
        assert done.returncode == 0, done.stderr
        assert "Warning" not in done.stderr


def test_an_instruction_set_that_is_no_text():
    done = python("import halfwave", HALFWAVE_ISA=os.fsdecode(b"\xff"))
    assert "ImportError: halfwave: HALFWAVE_ISA=" in done.stderr, done.stderr


def test_functions_of_an_earlier_import_go_on():
    code = """if True:
        import importlib, sys, numpy as np, halfwave as old
        relu, gelu = old.relu, old.vjp.gelu
        for name in [name for name in sys.modules if name.startswith("halfwave")]:
            del sys.modules[name]
        import halfwave as new
        assert new.relu(np.ones(2, "?")).tolist() == relu(np.ones(2, "?")).tolist() == [1, 1]
        importlib.reload(sys.modules["halfwave._ufuncs"])
        assert relu.__name__ == "relu" and relu.__doc__.startswith("relu(x")
        assert gelu(np.ones(2, "e"), 0.0).tolist() == [0.5, 0.5]
        assert old.tanh(0.0) == new.tanh(0.0) == 0
    """
    done = python(code)
    assert done.returncode == 0, (done.returncode, done.stderr)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a timer's signal")
def test_a_signal_handler_may_ask_for_a_function_while_another_is_made():
    code = """if True:
        import signal, halfwave as hw
        hw.relu  # Python's own imports are not for a handler to interrupt
        names = iter(hw.vjp.__all__)
        def handler(*_):
            for name in names:
                getattr(hw.vjp, name)
                break
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        for space in hw, hw.grad, hw.vjp:
            for name in space.__all__:
                getattr(space, name)
        signal.setitimer(signal.ITIMER_REAL, 0)
    """
    done = python(code)  # which hung
    assert done.returncode == 0, done.stderr


def test_a_refused_type_leaks_nothing():
    import sys

    import numpy as np

    x = np.ones(3, "f4")
    before = sys.getrefcount(type(x.dtype))
    for _ in range(100):
        with pytest.raises(TypeError):
            hw.reglu(x, x.astype(complex))
    assert sys.getrefcount(type(x.dtype)) - before < 50
