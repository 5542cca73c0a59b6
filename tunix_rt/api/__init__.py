"""API: every slice's routes behind one application, and the web beside them.

app.py        create_app(store, settings)
guarding.py   who may talk to us and how much: host, origin, size; errors with an id
metrics.py    GET /metrics, for Prometheus
building.py   build the web
web.py        serve it
openapi.py    write openapi.json
"""
