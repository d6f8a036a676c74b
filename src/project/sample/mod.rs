//! Small projects to start from, one for each shape of relationship, with rows that show something and a query that
//! shows it.

mod basics;
mod itself;
mod keys;
mod kinds;
mod many;
mod sketch;

use strum::{EnumIter, IntoEnumIterator};

use super::file::Project;

/// A sample project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter)]
pub enum Sample {
    /// One-to-one: a user and its profile.
    UserProfile,
    /// One-to-many: an author and its books.
    AuthorBook,
    /// Many-to-many: students and their courses.
    StudentCourse,
    /// Association object: students and courses, and the grade of each enrollment.
    Enrollment,
    /// Two relationships between the same models: who wrote a book, and who edited it.
    AuthorEditor,
    /// A model with itself, one-to-many: a tree of categories.
    CategoryTree,
    /// A model with itself, many-to-many one way: who follows whom.
    Followers,
    /// A model with itself, many-to-many both ways: friends.
    Friends,
    /// A composite key and a foreign key to it: rooms and desks.
    RoomDesk,
    /// A foreign key to a unique column: countries by their code.
    CountryCity,
    /// An ordered collection: the songs of a playlist.
    PlaylistSong,
    /// Polymorphic: comments on posts and on photos.
    Comments,
    /// Single-table inheritance: managers and engineers are employees.
    Employees,
    /// Joined inheritance: books and articles are publications, with a table for each.
    Publications,
}

impl Sample {
    /// All samples, simplest first.
    pub fn all() -> impl Iterator<Item = Sample> {
        Sample::iter()
    }

    /// The three that everybody starts from.
    pub const FIRST: [Sample; 3] = [Sample::UserProfile, Sample::AuthorBook, Sample::StudentCourse];

    /// Its name in the list of samples.
    pub fn title(self) -> &'static str {
        match self {
            Sample::UserProfile => "User and Profile",
            Sample::AuthorBook => "Author and Book",
            Sample::StudentCourse => "Student and Course",
            Sample::Enrollment => "Enrollment with a grade",
            Sample::AuthorEditor => "Author and Editor",
            Sample::CategoryTree => "Tree of categories",
            Sample::Followers => "Followers",
            Sample::Friends => "Friends",
            Sample::RoomDesk => "Room and Desk",
            Sample::CountryCity => "Country and City",
            Sample::PlaylistSong => "Playlist in order",
            Sample::Comments => "Comments on anything",
            Sample::Employees => "Kinds of employees",
            Sample::Publications => "Kinds of publications",
        }
    }

    /// The kind of relationship that it shows.
    pub fn shape(self) -> &'static str {
        match self {
            Sample::UserProfile => "one-to-one",
            Sample::AuthorBook => "one-to-many",
            Sample::StudentCourse => "many-to-many",
            Sample::Enrollment => "association object",
            Sample::AuthorEditor => "two between the same models",
            Sample::CategoryTree => "one-to-many with itself",
            Sample::Followers => "many-to-many with itself",
            Sample::Friends => "symmetric many-to-many",
            Sample::RoomDesk => "composite key",
            Sample::CountryCity => "key to a unique column",
            Sample::PlaylistSong => "ordered collection",
            Sample::Comments => "polymorphic key",
            Sample::Employees => "single-table inheritance",
            Sample::Publications => "joined inheritance",
        }
    }

    /// What the samples beside it have in common with it. Those of one group follow each other.
    pub fn group(self) -> &'static str {
        match self {
            Sample::UserProfile | Sample::AuthorBook | Sample::StudentCourse => "To start from",
            Sample::Enrollment | Sample::AuthorEditor => "Several that belong together",
            Sample::CategoryTree | Sample::Followers | Sample::Friends => "A model with itself",
            Sample::Employees | Sample::Publications => "Models of one kind",
            Sample::RoomDesk | Sample::CountryCity | Sample::PlaylistSong | Sample::Comments => {
                "Keys and order"
            }
        }
    }

    /// The project itself.
    pub fn project(self) -> Project {
        self.first_project().unwrap_or_else(|| {
            self.named(match self {
                Sample::Enrollment => many::enrollment(),
                Sample::AuthorEditor => many::author_editor(),
                Sample::CategoryTree => itself::category_tree(),
                Sample::Followers => itself::followers(),
                Sample::Friends => itself::friends(),
                Sample::RoomDesk => keys::room_desk(),
                Sample::CountryCity => keys::country_city(),
                Sample::PlaylistSong => keys::playlist_song(),
                Sample::Comments => keys::comments(),
                Sample::Employees => kinds::employees(),
                Sample::Publications => kinds::publications(),
                // Those came above.
                Sample::UserProfile | Sample::AuthorBook | Sample::StudentCourse => Project::default(),
            })
        })
    }

    /// The project of one of the [first three](Sample::FIRST). A program that calls only this does without the others.
    pub fn first_project(self) -> Option<Project> {
        let project = match self {
            Sample::UserProfile => basics::user_profile(),
            Sample::AuthorBook => basics::author_book(),
            Sample::StudentCourse => basics::student_course(),
            _ => return None,
        };
        Some(self.named(project))
    }

    fn named(self, mut project: Project) -> Project {
        project.name = self.title().into();
        project
    }
}
