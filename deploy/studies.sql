-- Optuna's studies have a database of their own, beside MLflow's.
CREATE DATABASE studies OWNER emotts;
