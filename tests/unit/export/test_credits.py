from geoapp import reference
from geoapp.config import resource
from geoapp.export.credits import licences_text


def test_every_layer_is_named_with_licence_and_credit():
    known = reference.read(resource("data"))
    text = licences_text(known)
    assert "CC BY 4.0" in text
    for layer in known.layers.values():
        assert f"({layer.name}, {layer.file})\n  Licence: {layer.licence}" in text
        assert f"\n  Credit:  {layer.credit}\n" in text


def test_single_features_under_another_licence_are_named():
    text = licences_text(reference.read(resource("data")))
    assert "  - Kveshi: ODbL 1.0; " in text
    assert "GeoNames" in text
