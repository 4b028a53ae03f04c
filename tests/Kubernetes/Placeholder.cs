namespace OrleansLb.Kubernetes.Tests;
