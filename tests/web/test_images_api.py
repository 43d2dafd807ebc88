"""Images over REST: their type, their policy, and what somebody has already."""

from domain.images import image_path
from persistence.objects import open_objects
from tests.web.world import World

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


async def test_an_image_is_sent_once_and_runs_nothing(world: World) -> None:
    """With the type of its content; opened by itself, a drawing's script is shut in."""
    owner, stranger = await world.user("Owner"), await world.user("Stranger")
    access = await world.project(owner)
    collection = await world.collection(access)
    store = open_objects(world.services.settings.storage_url)
    await store.put(image_path(collection.id, "Gentoo"), SVG)
    path = f"/api/v1/projects/{access.project.id}/collections/{collection.id}/image"
    asked = {"column": "species", "value": "Gentoo"}
    async with await world.bearer(owner) as http:
        answer = await http.get(path, params=asked)
        assert (answer.status_code, answer.content) == (200, SVG)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "sandbox" in answer.headers["content-security-policy"]
        again = await http.get(path, params=asked, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (await http.get(path, params=asked | {"value": "Emperor"})).status_code == 404
        assert (await http.get(path, params={"column": "species"})).status_code in {400, 422}
    async with await world.bearer(stranger) as http:
        assert (await http.get(path, params=asked)).status_code == 404
