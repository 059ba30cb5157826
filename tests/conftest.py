"""What every test shares: how hypothesis behaves."""

from hypothesis import HealthCheck, settings

# No deadline: a test never measures time. Derandomised: a run on one machine says what it says on another.
settings.register_profile(
    "geoapp",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("geoapp")
