/** What the labels of MNIST stand for, in their order; its files hold the numbers only. */
export const mnistClasses: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** As `mnistClasses`, of Fashion-MNIST. */
export const fashionMnistClasses: readonly string[] = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]

/** As `mnistClasses`, of CIFAR-10. */
export const cifar10Classes: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
]
