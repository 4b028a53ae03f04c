namespace Orleans;

/// <summary>A grain whose activations are not collected for being idle.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class KeepAliveAttribute : Attribute;
