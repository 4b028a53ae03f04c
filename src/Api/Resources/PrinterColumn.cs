namespace OrleansLb.Api.Resources;

/// <summary>A column of <c>kubectl get</c>, read from the object by a JSONPath.</summary>
public sealed record PrinterColumn(string Name, string Type, string JsonPath, string Format = "", string Description = "", int Priority = 0);
