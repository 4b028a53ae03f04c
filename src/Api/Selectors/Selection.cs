using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Selectors;

/// <summary>Which objects of a resource a list or a watch is about.</summary>
public sealed record Selection(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool IsEverything => Labels.IsEverything && Fields.IsEverything;

    public bool Matches(StoredObject stored) =>
        (Namespace.Length == 0 || stored.Key.Namespace == Namespace) && Fields.Matches(stored) && Labels.Matches(stored);

    /// <summary>The matching objects in key order after the given one; a selector for one name reads just that one.</summary>
    public IEnumerable<StoredObject> From(ObjectTable table, ObjectKey? after = null) =>
        after is null && Fields.ExactName is { } name && (Namespace.Length > 0 || IsClusterScoped(table))
            ? table.Find(new(Namespace, name)) is { } one && Matches(one) ? [one] : []
            : table.After(Namespace, after).Where(Matches);

    private static bool IsClusterScoped(ObjectTable table) => table.All.FirstOrDefault() is { Key.Namespace: "" };
}
