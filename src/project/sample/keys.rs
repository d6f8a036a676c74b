//! Samples of keys that are more than a number, and of an order.

use super::sketch::{Sketch, delete, include, left, link, made, new, right, script, stored, unlink};
use crate::project::file::Project;
use crate::query::Strategy;
use crate::schema::FieldType::{Integer, Text};
use crate::schema::{EndOrder, OnUpdate, Shape};
use crate::session::{ObjectDraft, StepDraft};

/// A room is known by its building and number, so a desk needs both to point to one. A desk stands in no room
/// until the script moves it; then a room is deleted, and its desks lose both parts of the key.
pub(super) fn room_desk() -> Project {
    let mut sketch = Sketch::default();
    let room = sketch.model("Room", &[("*building", Text), ("*number", Integer), ("seats", Integer)]);
    let desk = sketch.model("Desk", &[("*id", Integer), ("owner", Text)]);
    let desks = sketch.relate(Shape::OneToMany, [(room, ""), (desk, "")], |_| {});
    let rooms = sketch.rows(room, &[&["A", "1", "2"], &["A", "2", "1"], &["B", "1", "4"]]);
    let owners: [&[&str]; 4] = [&["1", "Ada"], &["2", "Grace"], &["3", "Edgar"], &["4", ""]];
    let desk_rows = sketch.rows(desk, &owners);
    sketch.link(desks, &rooms, &desk_rows, &[(0, 0), (0, 1), (2, 2)]);
    let at = |building: &str| ObjectDraft::Stored(Some(room), vec![building.into(), "1".into()]);
    let steps = [
        link(stored(desk, "4"), right(desks), at("B")),
        StepDraft::Flush,
        delete(at("A")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(room, vec![include(left(desks), Strategy::SelectIn, Vec::new())]);
    Project { script: script(steps), ..project }
}

/// Cities know their country by its code, which is unique and not its primary key: the identity map, which knows objects
/// by their primary key, spares no statement. The script founds a city, whose key is “AR”, and gives Peru another code: the
/// session changes one row, the database follows in the cities.
pub(super) fn country_city() -> Project {
    let mut sketch = Sketch::default();
    let country = sketch.model("Country", &[("*id", Integer), ("code", Text), ("name", Text)]);
    let city = sketch.model("City", &[("*id", Integer), ("name", Text)]);
    let code = sketch.field(country, 1).map(|code| {
        (code.unique, code.required) = (true, true);
        code.id
    });
    let cities = sketch.relate(Shape::OneToMany, [(country, ""), (city, "")], |cities| {
        cities.references = Vec::from_iter(code);
        cities.on_update = OnUpdate::Cascade;
    });
    let countries = sketch.rows(country, &[&["1", "AR", "Argentina"], &["2", "PE", "Peru"]]);
    let rows = sketch.rows(city, &[&["1", "Lima"], &["2", "Cusco"], &["3", "Rosario"]]);
    sketch.link(cities, &countries, &rows, &[(1, 0), (1, 1), (0, 2)]);
    let steps = [
        new("salta", city, &sketch.value(city, 1, "Salta")),
        link(made("salta"), right(cities), stored(country, "1")),
        StepDraft::Commit,
        StepDraft::Set { object: stored(country, "2"), field: code, value: Some("PER".into()) },
        StepDraft::Commit,
    ];
    let project = sketch.ask(city, vec![include(right(cities), Strategy::Lazy, Vec::new())]);
    Project { script: script(steps), ..project }
}

/// The songs were added in another order than that in which they are played. The script appends one that is to be played
/// first, and takes one off the list, which stays a song.
pub(super) fn playlist_song() -> Project {
    let mut sketch = Sketch::default();
    let playlist = sketch.model("Playlist", &[("*id", Integer), ("name", Text)]);
    let song = sketch.model("Song", &[("*id", Integer), ("title", Text), ("position", Integer)]);
    let position = sketch.field(song, 2).map(|position| position.id);
    let songs = sketch.relate(Shape::OneToMany, [(playlist, ""), (song, "")], |songs| {
        songs.left.order = position.map(|field| EndOrder { field, descending: false }).into_iter().collect();
    });
    let playlists = sketch.rows(playlist, &[&["1", "Morning"], &["2", "Night"]]);
    let titles: [&[&str]; 5] = [
        &["1", "So What", "3"],
        &["2", "Naima", "1"],
        &["3", "Round Midnight", "1"],
        &["4", "Blue in Green", "2"],
        &["5", "Epistrophy", "2"],
    ];
    let rows = sketch.rows(song, &titles);
    sketch.link(songs, &playlists, &rows, &[(0, 0), (0, 1), (1, 2), (0, 3), (1, 4)]);
    let alabama = [sketch.value(song, 1, "Alabama"), sketch.value(song, 2, "0")].concat();
    let steps = [
        new("alabama", song, &alabama),
        link(stored(playlist, "1"), left(songs), made("alabama")),
        StepDraft::Commit,
        unlink(stored(playlist, "1"), left(songs), Some(stored(song, "4"))),
        StepDraft::Commit,
    ];
    let project = sketch.ask(playlist, vec![include(left(songs), Strategy::SelectIn, Vec::new())]);
    Project { script: script(steps), ..project }
}

/// A comment is on a post or on a photo: the post 1 and the photo 1 are told apart by the type beside the key. The script
/// deletes a photo: no foreign key guards its comment, which points to nothing from then on.
pub(super) fn comments() -> Project {
    let mut sketch = Sketch::default();
    let post = sketch.model("Post", &[("*id", Integer), ("title", Text)]);
    let photo = sketch.model("Photo", &[("*id", Integer), ("place", Text)]);
    let comment = sketch.model("Comment", &[("*id", Integer), ("text", Text)]);
    let mut on = |model| {
        sketch.relate(Shape::OneToMany, [(model, "comments"), (comment, "")], |comments| {
            comments.polymorphic = Some("commentable".into());
        })
    };
    let (on_post, on_photo) = (on(post), on(photo));
    let posts = sketch.rows(post, &[&["1", "Hello"], &["2", "On keys"]]);
    let photos = sketch.rows(photo, &[&["1", "Lima"], &["2", "Kyoto"]]);
    let texts: [&[&str]; 5] = [
        &["1", "Welcome!"],
        &["2", "Nice light"],
        &["3", "And of what type?"],
        &["4", "Me too"],
        &["5", "Lost"],
    ];
    let rows = sketch.rows(comment, &texts);
    sketch.link(on_post, &posts, &rows, &[(0, 0), (1, 2), (0, 3)]);
    sketch.link(on_photo, &photos, &rows, &[(0, 1)]);
    let both = [on_post, on_photo].map(|end| include(right(end), Strategy::SelectIn, Vec::new()));
    let steps = [delete(stored(photo, "1")), StepDraft::Commit];
    Project { script: script(steps), ..sketch.ask(comment, both.into()) }
}
