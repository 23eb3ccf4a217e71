"""Lists every two-dimensional EPSG CRS with its PROJ string and reference positions, as JSON lines on stdout.

    python3 -m venv .venv && .venv/bin/pip install pyproj==3.8.0
    .venv/bin/python scripts/generate-epsg-table.py > candidates.jsonl
    node scripts/generate-epsg-table.ts candidates.jsonl

The second step keeps those that proj4 computes as PROJ does, and writes shared/geo/projections/epsg-table.ts.

PROJ strings say no more than the ellipsoid of most datums. The shift to WGS 84 is added here as the Helmert
transformation without grids that PROJ ranks first for the datum (its widest area, then its best accuracy).
"""

import json
import math
import sys
import warnings

import pyproj
from pyproj import CRS, Proj, Transformer
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.transformer import TransformerGroup

warnings.simplefilter("ignore")

KINDS = [PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS]
HELMERT_NAMES = {
    "X-axis translation": ("x", 1),
    "Y-axis translation": ("y", 1),
    "Z-axis translation": ("z", 1),
    "X-axis rotation": ("rx", math.degrees(1) * 3600),
    "Y-axis rotation": ("ry", math.degrees(1) * 3600),
    "Z-axis rotation": ("rz", math.degrees(1) * 3600),
    "Scale difference": ("s", 1e6),
}
SAMPLES_ACROSS = 5
NAMED_DATUMS = ("+datum=WGS84",)
shifts = {}


def helmert(base):
    """Seven parameters (metres, arc seconds in position-vector convention, ppm) and accuracy in metres, or None."""
    key = base.to_authority() or base.to_wkt()
    if key not in shifts:
        shifts[key] = find_helmert(base)
    return shifts[key]


def find_helmert(base):
    group = TransformerGroup(base, CRS.from_epsg(4326), always_xy=True, allow_ballpark=False)
    for transformer in [*group.transformers, *group.unavailable_operations]:
        definition = getattr(transformer, "definition", "") or ""
        if "grids=" in definition or "grid" in definition.lower():
            continue
        parameters = parse_helmert(definition)
        if parameters is not None:
            return {"towgs84": parameters, "accuracy": transformer.accuracy}
    return None


def parse_helmert(definition):
    """Reads the one Helmert step of a PROJ pipeline; none at all is a shift of zero, others are not taken."""
    steps = definition.split("step ")
    kept = [step for step in steps if "proj=helmert" in step]
    if any(word in definition for word in ("molodensky", "molobadekas", "deformation", "dv_x", "+dx")):
        return None
    if any(f"proj={name}" in definition for name in ("molodensky", "molobadekas", "deformation", "geogoffset", "affine")):
        return None
    if len(kept) == 0:
        return [0] * 7
    if len(kept) > 1:
        return None
    words = dict(word.split("=") for word in kept[0].split() if "=" in word)
    if "t_epoch" in words or any(name.startswith("d") and name[1:] in ("x", "y", "z", "s") for name in words):
        return None
    values = [float(words.get(name, 0)) for name in ("x", "y", "z", "rx", "ry", "rz", "s")]
    if words.get("convention") == "coordinate_frame":
        values[3:6] = [-value for value in values[3:6]]
    if "inv" in kept[0].split():
        values = [-value for value in values]
    return [0 if value == 0 else value for value in values]


def geographic_base(crs):
    base = crs
    while base.source_crs is not None and not base.is_geographic:
        base = base.source_crs
    return base


def proj_string(crs, shift):
    text = crs.to_proj4()
    words = [word for word in text.split() if word not in ("+no_defs", "+type=crs") and not word.startswith("+vunits")]
    if any(word in NAMED_DATUMS for word in words):
        return " ".join(words)
    # A named datum other than WGS 84 would bring grids that are not there: its ellipsoid and shift say the same.
    named = [word for word in words if word.startswith("+datum=")]
    if named:
        ellipsoid = {"+datum=NAD27": "clrk66", "+datum=NAD83": "GRS80", "+datum=GGRS87": "GRS80"}.get(named[0])
        if ellipsoid is None:
            return None
        words[words.index(named[0])] = f"+ellps={ellipsoid}"
    if shift is not None:
        numbers = shift["towgs84"] if any(shift["towgs84"][3:]) else shift["towgs84"][:3]
        words.append("+towgs84=" + ",".join(f"{number:.8g}" for number in numbers))
    return " ".join(words)


def samples(crs, text):
    """Positions of the CRS over its area of use, as PROJ computes them from the same string: [lon, lat, x, y]."""
    area = crs.area_of_use
    if area is None:
        return []
    west, south, east, north = area.bounds
    if east < west:
        east += 360
    projection = Proj(text + " +no_defs")
    found = []
    for i in range(1, SAMPLES_ACROSS + 1):
        for j in range(1, SAMPLES_ACROSS + 1):
            longitude = west + (east - west) * i / (SAMPLES_ACROSS + 1)
            longitude = (longitude + 180) % 360 - 180
            latitude = south + (north - south) * j / (SAMPLES_ACROSS + 1)
            latitude = max(-89, min(89, latitude))
            x, y = projection(longitude, latitude)
            if math.isfinite(x) and math.isfinite(y):
                found.append([round(longitude, 6), round(latitude, 6)])
    result = []
    for longitude, latitude in found:
        x, y = projection(longitude, latitude)
        result.append([longitude, latitude, x, y])
    return result


def main():
    print(json.dumps({"pyproj": pyproj.__version__, "proj": pyproj.proj_version_str,
                      "epsg": pyproj.database.get_database_metadata("EPSG.VERSION")}))
    for info in query_crs_info(auth_name="EPSG", pj_types=KINDS, allow_deprecated=True):
        code = int(info.code)
        crs = CRS.from_epsg(code)
        try:
            shift = helmert(geographic_base(crs))
            text = proj_string(crs, shift)
        except Exception as error:  # a CRS that PROJ itself cannot write as a string
            print(f"{code}: {error}", file=sys.stderr)
            continue
        if text is None or "+proj" not in text:
            print(f"{code}: no PROJ string", file=sys.stderr)
            continue
        wgs84 = "+datum=WGS84" in text
        print(json.dumps({
            "code": code, "name": crs.name, "geographic": crs.is_geographic, "text": text,
            "deprecated": info.deprecated,
            "accuracy": 0 if wgs84 else None if shift is None else shift["accuracy"],
            "axes": [axis.unit_name for axis in crs.axis_info],
            "samples": [] if crs.is_geographic else samples(crs, text),
        }))


main()
