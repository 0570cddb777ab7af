# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""backtesting.py and backtrader, which call a method at each bar."""

from work import CAPITAL, FAST, FEE, SLOW


def backtesting_backtest(frame):
    import backtesting

    def average(values, window):
        import pandas

        return pandas.Series(values).rolling(window).mean()

    class Cross(backtesting.Strategy):
        def init(self):
            self.fast = self.I(average, self.data.Close, FAST)
            self.slow = self.I(average, self.data.Close, SLOW)

        def next(self):
            if self.fast[-1] > self.slow[-1]:
                if not self.position:
                    self.buy(size=1)
            elif self.fast[-1] < self.slow[-1] and self.position:
                self.position.close()

    data = frame.rename(columns=str.capitalize)

    def run():
        bench = backtesting.Backtest(data, Cross, cash=CAPITAL, commission=FEE)
        stats = bench.run()
        equity = stats["_equity_curve"]["Equity"].to_numpy()
        changes = equity[1:] / equity[:-1] - 1
        return {
            "trades": len(stats["_trades"]),
            "final_equity": float(equity[-1]),
            "sharpe": float(changes.mean() / changes.std(ddof=1) * 252**0.5),
            "max_drawdown": -float(stats["Max. Drawdown [%]"]) / 100,
        }

    return run


def backtrader_backtest(frame):
    import backtrader
    import numpy

    class Cross(backtrader.Strategy):
        def __init__(self):
            self.fast = backtrader.indicators.SMA(self.data.close, period=FAST)
            self.slow = backtrader.indicators.SMA(self.data.close, period=SLOW)
            self.closed = 0
            self.equity = []

        def notify_trade(self, trade):
            self.closed += trade.isclosed

        def prenext(self):
            self.equity.append(self.broker.getvalue())

        def next(self):
            self.equity.append(self.broker.getvalue())
            if self.fast[0] > self.slow[0]:
                if not self.position:
                    self.buy(size=1)
            elif self.fast[0] < self.slow[0] and self.position:
                self.close()

    def run():
        cerebro = backtrader.Cerebro(stdstats=False)
        cerebro.adddata(backtrader.feeds.PandasData(dataname=frame))
        cerebro.addstrategy(Cross)
        cerebro.broker.setcash(CAPITAL)
        cerebro.broker.setcommission(commission=FEE)
        strategy = cerebro.run()[0]
        equity = numpy.array(strategy.equity)
        changes = equity[1:] / equity[:-1] - 1
        peak = numpy.maximum.accumulate(equity)
        return {
            "trades": strategy.closed,
            "final_equity": float(equity[-1]),
            "sharpe": float(changes.mean() / changes.std(ddof=1) * 252**0.5),
            "max_drawdown": float((1 - equity / peak).max()),
        }

    return run
