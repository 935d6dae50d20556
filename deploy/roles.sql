-- Each service has a role of its own: it owns its database, and can neither reach another one nor run programs.
\getenv mlflow_password MLFLOW_PASSWORD
\getenv studies_password STUDIES_PASSWORD
CREATE ROLE mlflow LOGIN PASSWORD :'mlflow_password';
CREATE ROLE studies LOGIN PASSWORD :'studies_password';
CREATE DATABASE mlflow OWNER mlflow;
CREATE DATABASE studies OWNER studies;
REVOKE ALL ON DATABASE mlflow, studies, postgres, template1 FROM PUBLIC;
