#!/usr/bin/env python3
# Part of pim-mlir, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks whose supply fails: `pim-run --power` compares every sample with a supply that holds, so each
sample is one random schedule of cuts. Some hundred schedules always, 10,000 with --full."""

import os
import sys

import harness
import models
from harness import expect

NETWORKS = (("digits_lenet5", "sot-and"), ("digits_lenet5", "reram-xbar"), ("mnist_8", "sot-and"),
            ("mnist_fc_256x4", "reram-xbar"))
# Policy, mean time between failures in parts of the latency, share of the schedules.
POLICIES = (("auto", 1.0, 2), ("auto", 0.1, 2), ("layer", 1.0, 2), ("cycles:20000", 0.3, 4), ("cycles:2000", 0.05, 1), ("pixel", 0.1, 1))


class Network:
    def __init__(self, tools, folder, model, target):
        self.tools, self.model, self.target = tools, model, target
        self.stem = os.path.join(folder, f"{model.name}-{target}")
        self.dataset = models.prepare_dataset(model.dataset, folder)
        self.latency = None
        self.options = ()
        self.shortest = 30e-6  # mean time between failures that makes sense

    def compile(self):
        self.tools.succeed("pimc", self.model.path, "-o", self.stem + ".pimb", "--target",
                           self.target, *self.model.preprocess, "--calibrate", self.dataset.calibration,
                           "--calibration-samples", 64)
        self.latency = self.report("--limit", 1)["cost"]["latency_s"]
        # Waking takes microseconds; a supply that fails sooner leads nowhere. Where an inference
        # takes no longer, the chip wakes sooner, so that cuts fall into it.
        if self.latency < self.shortest:
            self.options, self.shortest = ("--set", "power.restore_latency_ns=10"), self.latency / 2

    def report(self, *options):
        path = self.stem + ".json"
        options += self.options
        self.tools.succeed("pim-run", self.stem + ".pimb", "--input", self.dataset.images, "--quiet",
                           "--report", path, *options)
        return harness.read_json(path)

    def survives(self, policy, share, schedules):
        done = 0
        mtbf = max(self.latency * share, self.shortest)
        while done < schedules:
            count = min(schedules - done, 500)
            result = self.report("--power", f"seeded:{mtbf},{done}",
                                 "--commit-policy", policy, "--limit", count)["resilience"]
            expect(result["differing_bytes"] == 0, "results differ")
            expect(result["inferences"] == count, f"{result['inferences']} schedules")
            expect(result["failures"] > 0.3 * count * self.latency / mtbf - 3,
                   f"{result['failures']} failures")
            parts = sum(result[key] for key in
                        ("off_s", "useful_s", "redo_s", "commit_s", "restore_s"))
            expect(abs(parts - result["latency_s"]) < 1e-9 * parts, "times do not add up")
            done += count

    def makes_progress(self):
        """Cuts ten times slower than commits leave more than 90 % of the time to work."""
        # Where global memory forgets, commits carry what of it is needed: neither they nor going back are cheap.
        keeps = self.target.startswith("sot")
        policy = ("--commit-policy", f"cycles:{4000 if keeps else 40000}", "--limit", 300)
        calm = self.report("--power", "seeded:1e6", *policy)["resilience"]
        interval = calm["latency_s"] / (calm["commits_per_inference"] + 1)
        result = self.report("--power", f"seeded:{10 * interval},2", *policy)["resilience"]
        expect(result["failures"] > 20, f"{result['failures']} failures")
        lost = (result["redo_s"] + result["restore_s"]) / result["latency_s"]
        expect(lost < 0.1, f"{lost:.1%} of the time is lost")
        expected = result["expected_forward_progress"]
        expect(abs(result["forward_progress"] - expected) < 0.03,
               f"progress {result['forward_progress']:.1%}, {expected:.1%} expected")
        if keeps:
            expect(result["forward_progress"] > 0.9, f"progress {result['forward_progress']:.1%}")

    def makes_progress_without_a_choice(self):
        """The default leaves more than 90 % to work wherever cuts come ten times slower than its commits, for
        supplies from the mean uptime of ten inferences down to where that ends."""
        found = 0
        for mtbf in (self.latency * factor for factor in (10, 5, 2, 1)):
            result = self.report("--power", f"seeded:{mtbf},5", "--limit", 300)["resilience"]
            expect(result["policy"] == "auto", f"policy {result['policy']}")
            expect(result["failures"] > 20, f"{result['failures']} failures")
            if mtbf < 10 * result["commit_interval_s"]:
                continue
            found += 1
            expect(result["forward_progress"] > 0.9,
                   f"progress {result['forward_progress']:.1%} with a supply of {mtbf:.3g} s")
        expect(found > 0, "no cuts are ten times slower than commits")

    def is_the_same_on_threads(self):
        reports = [self.report("--power", f"seeded:{self.latency},3", "--limit", 30, "--threads", n)
                   for n in (1, 2, 8)]
        for report in reports:
            del report["simulation"]
        expect(reports[0] == reports[1] == reports[2], "the report depends on the threads")

    def goes_on_from_a_checkpoint(self):
        file = self.stem + ".checkpoint"
        plain = self.report("--limit", 25, "--power", f"seeded:{self.latency},4")
        again = [self.report("--limit", 25, "--power", f"seeded:{self.latency},4", "--checkpoint",
                             file) for _ in range(2)]
        for report in (plain, *again):
            del report["simulation"]
        expect(plain == again[0] == again[1], "the report depends on the checkpoint")


def test_network(results, network, schedules):
    name = f"{network.model.name} on {network.target}"
    results.run(f"{name}: compiles", network.compile)
    if network.latency is None:
        return
    whole = sum(share for _, _, share in POLICIES)
    for policy, share, part in POLICIES:
        results.run(f"{name}: {policy}, {schedules * part // whole} schedules", network.survives,
                    policy, share, schedules * part // whole)
    results.run(f"{name}: forward progress", network.makes_progress)
    results.run(f"{name}: forward progress without a choice", network.makes_progress_without_a_choice)
    results.run(f"{name}: threads", network.is_the_same_on_threads)
    results.run(f"{name}: checkpoint", network.goes_on_from_a_checkpoint)


def main():
    options = harness.make_parser(__doc__).parse_args()
    results = harness.Results("power")
    with harness.scratch() as folder:
        tools = harness.Tools(options.build)
        for name, target in NETWORKS:
            model = next(model for model in models.MODELS if model.name == name)
            if not models.has_data(model):
                results.skip(f"{name} on {target}", f"no {model.path}")
                continue
            test_network(results, Network(tools, folder, model, target), 2500 if options.full else 60)
    return results.finish(options.results)


if __name__ == "__main__":
    sys.exit(main())
