using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Ports;

/// <summary>
/// Keeps in the record what each object that configures us said when it was last accepted, so that a wrong edit of it leaves that live over a restart too:
/// the feed tells it as <see cref="DeclaredConfiguration.Accepted"/>.
/// </summary>
public interface IAcceptedForms
{
    /// <summary>
    /// Of the objects that the feed told last, all were accepted but the refused, whose earlier forms go on being kept. The form of an object that is gone goes
    /// too, unless it is among the used: what it declared is referred to still.
    /// </summary>
    void Note(EquatableList<ObjectReference> refused, EquatableList<ObjectReference> used);

    /// <summary>Writes what was noted and does not stand there yet. A record that cannot be reached throws <see cref="RecordUnavailableException"/>.</summary>
    Task Write(CancellationToken cancellation);
}
