"""Writes the figures that the statistics of Quant are held against.

The peers are numpy, scipy and statsmodels: pip install numpy scipy statsmodels. Run

    python3 Tests/References/statistics_reference.py > Tests/References/statistics.json

and commit the result. Returns are written with all digits, so that the test reads the same
doubles. Nothing here follows the code under test except the generator of the bootstrap, whose
draws must be the same for its intervals to be comparable.
"""

import json
import math
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats

MASK = (1 << 64) - 1


class Xoshiro:
    """xoshiro256** seeded by SplitMix64 (Blackman and Vigna)."""

    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & MASK
            mixed = seed
            mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(mixed ^ (mixed >> 31))

    def next(self):
        s = self.state
        product = (s[1] * 5) & MASK
        result = ((((product << 7) | (product >> 57)) & MASK) * 9) & MASK
        shifted = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
        return result

    def unit(self):
        return (self.next() >> 11) * 2.0**-53


def figures(returns, year, riskless, trials, variance):
    r = np.array(returns)
    count = len(r)
    mean, sd = r.mean(), r.std(ddof=1)
    ratio = (mean - riskless / year) / sd
    equity = np.concatenate([[1.0], np.cumprod(1 + r)])
    drawdown = float(np.max(1 - equity / np.maximum.accumulate(equity)))
    lags = int(math.floor(4 * (count / 100) ** (2 / 9)))
    fit = sm.OLS(r, np.ones(count)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False}
    )
    skew, kurtosis = stats.skew(r, bias=True), stats.kurtosis(r, fisher=False, bias=True)
    spread = math.sqrt(1 - skew * ratio + (kurtosis - 1) / 4 * ratio**2)
    best = 0.0
    if trials > 1:
        low, high = stats.norm.ppf(1 - 1 / trials), stats.norm.ppf(1 - 1 / (trials * math.e))
        best = math.sqrt(variance) * ((1 - np.euler_gamma) * low + np.euler_gamma * high)
    growth = float(equity[-1])
    cagr = growth ** (year / count) - 1
    losses = math.sqrt(np.mean(np.minimum(r, 0) ** 2))
    return {
        "total_return": growth - 1,
        "cagr": cagr,
        "volatility": sd * math.sqrt(year),
        "sharpe": ratio * math.sqrt(year),
        "sortino": mean * math.sqrt(year) / losses if losses > 0 else None,
        "calmar": cagr / drawdown if drawdown > 0 else None,
        "max_drawdown": drawdown,
        "newey_west_t": float(fit.tvalues[0]),
        "newey_west_lags": lags,
        "skew": float(skew),
        "kurtosis": float(kurtosis),
        "psr": float(stats.norm.cdf(ratio * math.sqrt(count - 1) / spread)),
        "dsr": float(stats.norm.cdf((ratio - best) * math.sqrt(count - 1) / spread)),
    }


def bootstrap(returns, resamples, seed, length, scheme, year):
    seeds = Xoshiro(seed)
    count = len(returns)
    means, ratios = [], []
    for _ in range(resamples):
        random = Xoshiro(seeds.next())
        drawn, place, left = [], 0, 0
        for index in range(count):
            if scheme == "circular":
                new = left == 0
            else:
                new = index == 0 or random.unit() * length < 1
            if new:
                place, left = int(random.unit() * count), length
            drawn.append(returns[place])
            place, left = (place + 1) % count, left - 1
        means.append(np.mean(drawn))
        ratios.append(np.mean(drawn) / np.std(drawn, ddof=1) * math.sqrt(year))
    return {
        "resamples": resamples,
        "seed": seed,
        "block": length,
        "scheme": scheme,
        "mean": [float(x) for x in np.percentile(means, [2.5, 97.5])],
        "sharpe": [float(x) for x in np.percentile(ratios, [2.5, 97.5])],
    }


def published(count):
    return [
        ((7919 * i + 13) % 201 - 100 + (60 if (i // 7) % 2 == 0 else -60) + 10) / 20000
        for i in range(count)
    ]


def series():
    random = np.random.default_rng(20261120)
    noise = random.normal(0.0004, 0.01, 1250)
    follower = [0.0]
    for shock in random.normal(0.0002, 0.008, 600):
        follower.append(0.4 * follower[-1] + shock)
    fat = 0.006 * random.standard_t(3, 750)
    yield "published, one year", published(252), 252, 0.0, 40, 1 / 252
    yield "published, two years", published(504), 252, 0.0, 100, 1 / 252
    yield "normal, five years", noise.tolist(), 252, 0.0, 100, 0.5 / 252
    yield "normal, riskless rate", noise.tolist()[:300], 252, 0.03, 10, 0.5 / 252
    yield "crypto year", noise.tolist()[300:700], 365, 0.0, 7, 0.002
    yield "dependent", follower[1:], 252, 0.0, 50, 0.004
    yield "fat tails", np.clip(fat, -0.5, 0.5).tolist(), 252, 0.0, 1, 0.0
    yield "large moves", (random.uniform(-0.4, 0.5, 60)).tolist(), 12, 0.0, 5, 0.02
    yield "only gains", np.abs(noise[:100]).tolist(), 252, 0.0, 2, 0.01
    yield "only losses", (-np.abs(noise[:99])).tolist(), 252, 0.0, 2, 0.01
    yield "tiny moves", (noise[:250] * 1e-7).tolist(), 252, 0.0, 20, 0.004
    yield "three returns", [0.01, -0.02, 0.015], 252, 0.0, 3, 0.01
    yield "two returns", [0.01, -0.005], 252, 0.0, 2, 0.01


def main():
    cases = [
        {
            "name": name,
            "periods": year,
            "rf": riskless,
            "trials": trials,
            "trial_variance": variance,
            "returns": returns,
            "figures": figures(returns, year, riskless, trials, variance),
        }
        for name, returns, year, riskless, trials, variance in series()
    ]
    sample = published(252)
    draws = [
        bootstrap(sample, 200, 7, 7, "circular", 252),
        bootstrap(sample, 200, 7, 7, "stationary", 252),
        bootstrap(sample, 101, 2**63, 1, "circular", 252),
    ]
    peers = {"numpy": np.__version__, "scipy": scipy.__version__}
    peers["statsmodels"] = statsmodels.__version__
    json.dump({"peers": peers, "cases": cases, "bootstrap": draws}, sys.stdout, indent=0)
    print()


if __name__ == "__main__":
    main()
