namespace OrleansLb.Core.Configuration;

/// <summary>A Kubernetes object by kind and name, as messages and events name it.</summary>
/// <param name="ApiVersion">Group and version, such as <c>v1</c> or <c>metallb.io/v1beta1</c>.</param>
/// <param name="Namespace">Empty for an object of the whole cluster.</param>
/// <param name="Uid">Empty when the object was read from a file.</param>
/// <param name="File">The file that it was read from, with its line; null for an object of the API.</param>
/// <param name="Generation">Which edition of its spec was read (<c>metadata.generation</c>); 0 where that is not told.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ObjectReference")]
public sealed record ObjectReference(
    [property: Id(0)] string ApiVersion,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Namespace,
    [property: Id(3)] string Name,
    [property: Id(4)] string Uid = "",
    [property: Id(5)] string? File = null,
    [property: Id(6)] long Generation = 0)
{
    public override string ToString()
    {
        var name = Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
        return File is null ? $"{Kind} {name}" : $"{File}: {Kind} {name}";
    }
}
