"""Studies of hyper-parameters: the only package that imports Optuna.

Any number of processes on any machines work on a study at once; they share its database and nothing else. A trial
belongs to one of them at a time, from :meth:`emotts.tuning.queue.TrialQueue.claim` until it is finished or given back.
"""
