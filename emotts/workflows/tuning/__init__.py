"""Studies of hyper-parameters: the only package that imports Optuna.

Any number of processes on any machines work on a study at once; they share its database and nothing else. One
process at a time has a lease of a trial, from :meth:`~emotts.workflows.tuning.queue.TrialQueue.lease` until it
finishes the trial or gives it back.
"""
