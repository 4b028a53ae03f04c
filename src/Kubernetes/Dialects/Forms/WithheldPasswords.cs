using System.Collections.Immutable;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects.Forms;

/// <summary>
/// Passwords that stand in the text of an object, in the place that each dialect has for them. They are withheld from a copy of it, and put back from the
/// object itself, which has them as a rule even where it is wrong.
/// </summary>
internal static class WithheldPasswords
{
    private const string Withheld = "(withheld)";

    /// <summary>What tells one peer of a list from another in MetalLB's ConfigMap, the only dialect that has several in one object.</summary>
    private const string PeerKey = "peer-address";

    /// <summary>The same value with no password in it.</summary>
    public static Node Withhold(Node value) => value switch
    {
        Mapping mapping =>
            new Mapping(
                [.. mapping.Fields.Select(field =>
                    field with { Value = IsPassword(field) ? new Scalar(Withheld, ScalarKind.String, 0) : Withhold(field.Value) })], 0),
        Sequence list => new Sequence([.. list.Items.Select(Withhold)], 0),
        _ => value,
    };

    public static bool AreIn(Node value) => value switch
    {
        Mapping mapping => mapping.Fields.Any(field => IsPassword(field) || AreIn(field.Value)),
        Sequence list => list.Items.Any(AreIn),
        _ => false,
    };

    /// <summary>
    /// The value with the passwords of its counterpart; null when one is not there any more. From a list only the item that lacks its password goes.
    /// </summary>
    public static Node? PutBack(Node value, Node? counterpart) => value switch
    {
        Mapping mapping => PutBack(mapping, counterpart as Mapping),
        Sequence list => new Sequence([.. list.Items.Select(item => PutBack(item, Peer(item, counterpart as Sequence))).OfType<Node>()], 0),
        _ => value,
    };

    private static Mapping? PutBack(Mapping value, Mapping? counterpart)
    {
        var fields = ImmutableArray.CreateBuilder<Field>(value.Fields.Length);
        foreach (var field in value.Fields)
        {
            var own = counterpart?[field.Name];
            if ((IsPassword(field) ? own as Scalar : PutBack(field.Value, own)) is not { } whole) return null;
            fields.Add(field with { Value = whole });
        }
        return new(fields.MoveToImmutable(), 0);
    }

    private static Node? Peer(Node item, Sequence? counterparts) =>
        (item as Mapping)?.Text(PeerKey) is { } address ? counterparts?.Items.FirstOrDefault(other => (other as Mapping)?.Text(PeerKey) == address) : null;

    private static bool IsPassword(Field field) =>
        field is { Name: "password" or "authPassword", Value: Scalar { Kind: not ScalarKind.Null, Written.Length: > 0 } };
}
