"""Runs the unittest cases of a Python test as TAP. What is tested is left to the *_test.py that calls run()."""

import sys
import unittest


class Result(unittest.TestResult):
    """One line for each test; what went wrong follows as comments."""

    def __init__(self):
        super().__init__()
        self.number = 0

    def line(self, good, test, note=""):
        self.number += 1
        name = test.shortDescription() or test.id()
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}{note}", flush=True)

    def diagnose(self, error):
        text = self._exc_info_to_string(error, self.current)
        print("\n".join("# " + line for line in text.rstrip().split("\n")), flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.current, self.broken = test, False

    def addSuccess(self, test):
        if not self.broken:
            self.line(True, test)

    def addSkip(self, test, reason):
        self.line(True, test, f" # SKIP {reason}")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.line(False, test)
        self.diagnose(error)

    def addError(self, test, error):
        super().addError(test, error)
        # A fixture of a whole class is no test that was started.
        self.current = test
        self.line(False, test)
        self.diagnose(error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is None:
            return
        if not self.broken:
            self.line(False, test)
        self.broken = True
        print(f"# in {subtest.id()}", flush=True)
        self.diagnose(error)


def run(module="__main__"):
    """Ends the program: 0 when all tests passed."""
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    print(f"TAP version 13\n1..{suite.countTestCases()}", flush=True)
    result = Result()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
